"""Whatever a name contains, what is written as PowerShell is ASCII and arrives as it was."""

import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from relaysim.builtin.fresh import fresh_like
from relaysim.config.difference import changes
from relaysim.config.directive import read_directive
from relaysim.config.scripts.script_writer import export_script
from relaysim.config.serverfile import parse_server
from relaysim.errors import InvalidInput
from relaysim.management_shell import run
from relaysim.management_shell.completion import complete
from relaysim.management_shell.running import ExchangeSession
from relaysim.powershell.language.writing import array, comment_text, join_surrogates, quote, word
from relaysim.powershell.runner import ScriptSession
from tests.powershell.hostile import hostile_configuration, hostile_text
from tests.powershell.real import needs_powershell, run_logged

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data/powershell/hostile-names.jsonl")
    .read_text("utf-8")
    .splitlines()
]
FILES = [case for case in CASES if "server_file" in case]
NAMES = [case for case in CASES if "connector_name" in case]
by_id = pytest.mark.parametrize("case", FILES, ids=[case["id"] for case in FILES])
MANY = 2000 if os.environ.get("RELAYSIM_DEEP") else 300
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def assert_plain(text):
    """Nothing but printable ASCII, line ends and tabs."""
    assert text.isascii()
    assert text.replace("\n", "").replace("\t", "").isprintable() or text == ""


def output_of(script):
    """Return what a script of our own shell writes, as one text."""
    session = ScriptSession(state=None, cmdlets=())
    result = session.run(script)
    assert not result.errors, result.errors
    return result.output


@given(texts)
@example("--%")
@example("\U0001f600\U0001f611")
@example("$(Pwn)`\"'\n")
def test_a_quoted_text_is_ascii_and_one_argument_with_exactly_that_text(text):
    for written in (quote(text), word(text)):
        assert_plain(written)
        assert "\n" not in written
        assert output_of(f"function f($a) {{ $a.Length; $a -ceq {quote(text)} }}; f {written}") == (
            output_of(f"({quote(text)}).Length; $true")
        )
    assert output_of(f"Write-Output {array([text, 'x'])} | Select-Object -Last 1") == "x\n"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20))
def test_our_own_shell_reads_back_what_is_quoted(text):
    assert output_of(f"Write-Host {quote(text)}") == f"{text}\n"


@given(texts)
def test_a_comment_is_one_line_of_ascii(text):
    written = comment_text(text)
    assert_plain(written)
    assert "\n" not in written


def test_a_surrogate_pair_is_one_character_and_half_of_one_is_refused():
    assert join_surrogates("a\ud83d\ude00b\ud83d") == "a\U0001f600b\ud83d"
    assert quote("\ud83d\ude00") == quote("\U0001f600") == '"$([char]0xD83D)$([char]0xDE00)"'
    for half in ("a\ud800b", "\ude00\ud83d"):
        with pytest.raises(InvalidInput, match="holds half of a surrogate pair"):
            quote(half)


def test_our_own_shell_joins_a_surrogate_pair():
    assert output_of('"$([char]0xD83D)$([char]0xDE00)"') == "\U0001f600\n"
    assert output_of('"$([char]0xD83D)" + [char]0xDE00') == "\U0001f600\n"
    assert output_of("[char]0xD83D, [char]0xDE00 -join ''") == "\U0001f600\n"


@by_id
def test_a_hostile_configuration_is_exported_as_ascii_and_built_again(case):
    organization = parse_server(case["server_file"].encode(), file="x")
    fresh = fresh_like(organization)
    exported = export_script(organization, fresh)
    assert_plain(exported.text)
    assert exported.missing == ()
    directive = read_directive(exported.text, file="x")
    assert directive is not None
    assert directive.server == organization.server
    result = run(exported.text, fresh)
    assert not result.errors
    assert changes(result.organization, organization) == ()


def test_random_hostile_configurations_are_exported_as_ascii_and_what_is_lost_is_named():
    source = random.Random(20)  # noqa: S311
    for _ in range(25):
        organization, _calls = hostile_configuration(source)
        fresh = fresh_like(organization)
        exported = export_script(organization, fresh)
        assert_plain(exported.text)
        left = changes(run(exported.text, fresh).organization, organization)
        assert {f"{c.where}: {c.sign} {c.text}" for c in left} <= set(exported.missing)


def completed(name):
    """Return the only completion of an identity that is the whole line of a command."""
    case_file = (
        'format = 1\n[organization]\nexchange = "2016"\n[[connector]]\nname = '
        f'{json.dumps(name)}\ntransport_role = "FrontendTransport"\nbindings = "0.0.0.0:25"\n'
        'remote_ip_ranges = "10.0.0.1"\n'
    )
    organization = parse_server(case_file.encode(), file="x")
    registry = ExchangeSession(organization).session.registry
    line = "Set-ReceiveConnector -Identity "
    done = complete(line, organization=organization, registry=registry)
    (written,) = done.words
    return line[: done.start] + written


@pytest.mark.parametrize("case", NAMES, ids=[case["id"] for case in NAMES])
def test_a_completed_name_is_quoted_unless_it_is_plainly_a_word(case):
    name = case["connector_name"]
    assert completed(name) == f"Set-ReceiveConnector -Identity {quote(name)}"


@pytest.mark.parametrize("name", ["$true", "$x", "-Name", "a b", "007", "it's", "#x", "\u0411"])
def test_a_name_that_reads_as_something_else_is_completed_in_quotes(name):
    assert completed(name).endswith(f" {quote(name)}")
    assert completed("Relay-1.a").endswith(" Relay-1.a")


@needs_powershell
def test_a_real_powershell_gets_every_hostile_case_as_it_is(tmp_path):
    scripts = {}
    for case in FILES:
        organization = parse_server(case["server_file"].encode(), file="x")
        scripts[case["id"]] = export_script(organization, fresh_like(organization)).text.encode()
    for case in NAMES:
        scripts[case["id"]] = completed(case["connector_name"]).encode()
    records = run_logged(scripts, tmp_path)
    assert {record["file"] for record in records} == set(scripts)
    assert len(records) == len(scripts), "a code page changes what is read"
    wanted = {case["id"]: case["must_arrive"] for case in CASES if case["id"] in scripts}
    for record in records:
        assert record["failed"] == ""
        assert record["calls"] == wanted[record["file"]]


@needs_powershell
def test_a_real_powershell_runs_no_value_and_loses_none(tmp_path):
    source = random.Random(20261128)  # noqa: S311
    scripts, wanted = {}, {}
    for number in range(MANY):
        organization, calls = hostile_configuration(source)
        exported = export_script(organization, fresh_like(organization))
        assert_plain(exported.text)
        name = f"{number:05}"
        scripts[name] = exported.text.encode("ascii")
        wanted[name] = calls
    records = run_logged(scripts, tmp_path, seconds=600)
    assert len(records) == len(scripts), "a code page changes what is read"
    for record in records:
        assert record["failed"] == "", record
        found = record["calls"]
        assert not [call for call in found if call["command"] == "Pwn"], record
        for command, name, parameters in wanted[record["file"]]:
            same = [
                call["parameters"]
                for call in found
                if call["command"] == command
                and name in (call["parameters"].get("Name"), call["parameters"].get("Identity"))
            ]
            arrived = any(parameters.items() <= values.items() for values in same)
            assert arrived, (record["file"], command, name, parameters, same)


@needs_powershell
def test_a_real_powershell_reads_a_quoted_text_as_that_text(tmp_path):
    source = random.Random(4)  # noqa: S311
    values = [hostile_text(source, longest=40) for _ in range(MANY)]
    lines = "".join(f"Set-ReceiveConnector -Identity {word(one)}\n" for one in values)
    (record,) = run_logged({"words": lines.encode("ascii")}, tmp_path)
    assert record["failed"] == ""
    assert [call["parameters"]["Identity"] for call in record["calls"]] == values
