"""Laws of the shell language: reading, writing, quoting, running."""

import os
import time

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from relaysim.errors import InvalidScript
from relaysim.powershell.language.formatter import format_script
from relaysim.powershell.language.lexer import MAX_NESTING
from relaysim.powershell.language.quoting import quote
from relaysim.powershell.language.syntax import (
    Command,
    Pipeline,
    ScriptBlock,
    StringLiteral,
)
from relaysim.powershell.parser import parse_script
from relaysim.powershell.runner import run_script
from tests.searching import searches
from tests.shell.trees import NASTY, scripts, texts

WORDS = [
    'Get-X', '-Name', '-Switch:', '$true', '$_', '$a', '${b}', '$env:X', '@{', '@(', '$(', '(',
    ')', '{', '}', '[', ']', '[string]', '::', '.', '..', ',', ';', '|', '&', '=', '+=', '++',
    '--', '-', "'", '"', "''", '""', '`', '`\n', '\n', '\r\n', '#', '<#', '#>', "@'\n", "\n'@",
    '@"\n', '\n"@', '-eq', '-match', '-split', '-f', '-not', '!', '1', '25MB', '1..5', 'if',
    'else', 'foreach', 'in', 'function', 'param', 'try', 'catch', 'finally', 'switch',
    'default', 'while', 'do', 'until', 'return', 'throw', 'break', 'begin', 'process', 'end',
    '>', '2>', '$null', 'ForEach-Object', 'Where-Object', 'Select-Object', 'Write-Output', 'x',
    '%', '?', '*', ' ', '\t', '‘', '”', '–',
]  # fmt: skip
noise = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=NASTY, max_size=60),
    st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=30).map("".join),
)
slow = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def read(text):
    """The tree of a text, or ``None`` when it is refused as it should be."""
    try:
        return parse_script(text)
    except InvalidScript as error:
        for problem in error.problems:
            assert problem.line is not None
            assert problem.line >= 1
            line, excerpt, caret = problem.lines()[:3]
            assert "\n" not in line
            assert caret.strip() == "^"
            assert len(excerpt) < 1000
        return None


@given(noise)
@searches(136)
def test_any_text_is_read_or_refused_with_a_place(text):
    read(text)


@given(noise)
@searches(68)
def test_what_is_read_from_noise_is_written_back_equal(text):
    tree = read(text)
    if tree is not None:
        assert parse_script(format_script(tree)) == tree


NO_SCRIPT = (
    "stands twice",
    "two `default`",
    "without clauses",
    "after the one that takes every error",
    "is caught already",
    "is declared twice",
    "cannot leave a `finally`",
    "`[ordered]` belongs",
    "a number with a member",
)


@given(scripts)
@slow
def test_a_written_tree_reads_back_equal(tree):
    text = format_script(tree)
    try:
        again = parse_script(text)
    except InvalidScript as error:
        # Trees are drawn that no script can have: PowerShell does not parse them either.
        assume(not any(part in str(error) for part in NO_SCRIPT))
        raise
    assert again == tree
    assert repr(again) == repr(tree)
    assert format_script(again) == text


@given(st.one_of(texts, st.text(), st.text(alphabet=NASTY)))
@searches(68)
def test_a_quoted_text_is_one_string_with_that_value(value):
    quoted = quote(value)
    assert parse_script(quoted).end == (Pipeline(elements=(StringLiteral(value=value),)),)
    (statement,) = parse_script(f"Set-X -Name {quoted} -Other 1").end or ()
    assert isinstance(statement, Pipeline)
    (command,) = statement.elements
    assert isinstance(command, Command)
    assert [type(one).__name__ for one in command.arguments] == [
        "ParameterArgument",
        "StringLiteral",
        "ParameterArgument",
        "BareWord",
    ]
    assert command.arguments[1] == StringLiteral(value=value)
    assert "\n" not in quoted
    assert "\r" not in quoted


@given(st.text(max_size=20))
def test_a_quoted_text_runs_to_itself(value):
    result = run_script(f"Write-Host -NoNewline {quote(value)}", state=None, cmdlets=())
    assert result.output == value
    assert not result.errors


@given(noise)
@searches(68)
def test_running_noise_raises_only_refusals(text):
    try:
        run_script(text, state=None, cmdlets=(), max_steps=3000)
    except InvalidScript:
        return


@given(scripts)
@searches(20, slow)
def test_running_any_tree_raises_only_refusals(tree):
    try:
        run_script(format_script(tree), state=None, cmdlets=(), max_steps=3000)
    except InvalidScript:
        return


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("(", ")"),
        ("@(", ")"),
        ("$(", ")"),
        ("@{a=", "}"),
        ("{", "}"),
        ('"$(', ')"'),
        ("if (1) {", "}"),
        ("[int]", ""),
        ("!", ""),
        ("- ", ""),
        (",", ""),
        ("$a = ", ""),
        ("f (", ")"),
        ("f {", "}"),
        ("function f {", "}"),
        ("try {", "} finally {}"),
        ("$a[", "]"),
        ("'a'.Contains(", ")"),
    ],
)
def test_deep_nesting_is_refused_and_moderate_nesting_is_read(opening, closing):
    deep = opening * 50_000 + "1" + closing * 50_000
    with pytest.raises(InvalidScript, match="nested too deeply"):
        parse_script(deep)
    levels = MAX_NESTING // 4
    moderate = opening * levels + "1" + closing * levels
    tree = parse_script(moderate)
    assert parse_script(format_script(tree)) == tree


@pytest.mark.parametrize(
    "unit",
    [
        "\n$rc.RemoteIPRanges += '10.0.0.9'",
        "Get-X 'a' | Set-Y -Z @{Add='b'} -Confirm:$false; ", '`', "'", '"', '$', "@'\n", '@"\n',
        '<#', '#', '(', 'a`\n', '${', '1+', '1,', 'a.b', '[', "\n'", ';', '-f ', 'x|', '$a.b',
        '“', 'if(1){}', '\\', '1..', '%', 'é', '\u2028',
    ],
)  # fmt: skip
def test_a_long_text_is_read_or_refused(unit):
    """Work that grows with the square of the length would not end within hours."""
    text = unit * (50_000 // len(unit))
    tree = read(text)
    assert tree is None or isinstance(tree, ScriptBlock)


@pytest.mark.skipif(os.environ.get("RELAYSIM_DEEP") != "1", reason="RELAYSIM_DEEP=1 searches long")
def test_deep_fuzz():
    """Search for RELAYSIM_DEEP_SECONDS (600) and print how many examples ran."""
    limit = float(os.environ.get("RELAYSIM_DEEP_SECONDS", "600"))
    start = time.monotonic()
    count = 0

    @given(
        st.one_of(
            noise,
            scripts.map(format_script),
            st.tuples(scripts.map(format_script), noise).map("".join),
        )
    )
    @settings(slow, max_examples=500, derandomize=False, database=None, deadline=None)
    def search(text):
        nonlocal count
        count += 1
        tree = read(text)
        if tree is not None:
            assert parse_script(format_script(tree)) == tree
            try:
                run_script(text, state=None, cmdlets=(), max_steps=3000)
            except InvalidScript:
                return

    while time.monotonic() - start < limit:
        search()
    print(f"\n{count} examples in {time.monotonic() - start:.0f} s")
    assert count > 0
