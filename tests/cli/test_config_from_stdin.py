"""``-c -`` reads a configuration from standard input, in UTF-8 and UTF-16."""

from io import BytesIO, TextIOWrapper

import pytest

from relaysim.builtin import builtin
from relaysim.builtin.fresh import fresh_like
from relaysim.config.scripts.script_writer import export_script
from relaysim.config.source import load
from relaysim.config.writer import format_server
from tests.console import relaysim

ORGANIZATION = builtin("option-2")
SERVER = format_server(ORGANIZATION)
SCRIPT = export_script(ORGANIZATION, fresh_like(ORGANIZATION)).text
QUESTION = ["check", "--ip", "192.168.2.55", "--to", "x@example.net"]


def verdict(*more, **options):
    result = relaysim([*QUESTION, *more], **options)
    assert result.code == 0, result.output
    return result.output.partition("\n")[0]


@pytest.mark.parametrize("text", [SERVER, "# a remark\n\n" + SERVER, SCRIPT])
def test_a_configuration_comes_from_standard_input(text):
    assert verdict("-c", "-", stdin=text) == verdict("-c", "builtin:option-2")


@pytest.mark.parametrize("text", [SERVER, SCRIPT])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_standard_input_may_have_any_mark(monkeypatch, text, encoding):
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text.encode(encoding))))
    assert load("-").connectors == ORGANIZATION.connectors


@pytest.mark.parametrize("name", ["server.toml", "script.ps1"])
def test_a_configuration_may_be_utf_16(tmp_path, name):
    path = tmp_path / name
    path.write_text(SERVER if name.endswith("toml") else SCRIPT, "utf-16")
    assert verdict("-c", str(path)) == verdict("-c", "builtin:option-2")


def test_a_mistake_in_standard_input_has_its_line():
    result = relaysim([*QUESTION, "-c", "-"], stdin="format = 1\nnope = 2\n")
    assert result.code == 2
    assert "<stdin>:2: nope: unknown key `nope`" in result.output
