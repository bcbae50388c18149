"""What is no script, and how the error shows it."""

import pytest

from relaysim.errors import InvalidScript
from relaysim.powershell.language.lexer import MAX_SCRIPT_CHARACTERS
from relaysim.powershell.language.source import ScriptProblem
from relaysim.powershell.parser import parse_script
from relaysim.powershell.runner import run_script

# text, line, column, message (its beginning), part of the hint
SYNTAX = [
    ("Get-X |", 1, 8, "a pipe without a command after it", None),
    ("Get-X | 'a'", 1, 9, "an expression after a pipe", "ForEach-Object"),
    ("$a =", 1, 5, "an assignment without a value", None),
    ("5 = 6", 1, 1, "only a variable, a property or an index can be assigned to", None),
    ("'abc", 1, 1, "the string is never closed", None),
    ('"abc', 1, 1, "the string is never closed", None),
    ("@'\nabc", 1, 1, "the here-string is never closed", "begin a line"),
    ("@'abc'@", 1, 1, "a here-string must begin on the line after", None),
    ("<# abc", 1, 1, "the comment `<#` is never closed", "#>"),
    ("\n  (1", 2, 3, "the parenthesis is never closed: `)` is missing", None),
    ("if (1) {\n  2", 1, 8, "the `if` is never closed: `}` is missing", None),
    ("if 1 { }", 1, 4, "expected `(` after `if`, got `1`", None),
    ("@{a 1}", 1, 5, "expected `=` after the key", None),
    ("1 -foo 2", 1, 3, "`-foo` is no operator", "`-f`"),
    ("1 -lik 2", 1, 3, "`-lik` is no operator", "`-like`"),
    ("Get-X > out.txt | b", 1, 7, "the output goes into a file and through a pipe", None),
    ("Get-X 2> out.txt", 1, 7, "`2>` sends a stream other than the output to a file", None),
    ("Get-X 1>&2", 1, 7, "`1>&2` merges streams", "-ErrorAction"),
    ("Get-X < in.txt", 1, 7, "`<` would read input from a file", None),
    ('"$ip:25"', 1, 2, "`$ip:25` reads a drive named `ip`", "`${ip}:`"),
    ('"a"b', 1, 4, "expected the end of the statement, got `b`", None),
    ("Get-X; param($a)", 1, 8, "`param` must come before every other statement", None),
    ("Get-X -a `  \n -b", 1, 10, "a backtick before blanks is no line continuation", "remove"),
    ("a && b", 1, 3, "`&&` between pipelines is not part of Windows PowerShell", None),
    ("a || b", 1, 3, "`||` between pipelines is not part of Windows PowerShell", None),
    ("Get-X &", 1, 7, "`&` after a command would run it in the background", None),
    ("Get-X --% a", 1, 7, "`--%` passes the rest of the line to a program", None),
    ("class A {}", 1, 1, "classes are not part of the subset", None),
    ("workflow w {}", 1, 1, "workflows are not part of the subset", None),
    ("using module x", 1, 1, "`using` is not part of the subset", None),
    ("else { }", 1, 1, "`else` without an `if` before it", None),
    ("switch -File ('x') { }", 1, 8, "`switch -File` is not part of the subset", None),
    ("try { }", 1, 1, "`try` needs a `catch` or a `finally`", None),
    ("5++", 1, 1, "`++` needs a variable", None),
    ("[1]", 1, 1, "`[` here must begin a type name", None),
    ("$a.", 1, 4, "expected a member name", None),
    ("f(1,)", 1, 5, "expected a value, got `)`", None),
    ("$x.f(1,)", 1, 8, "expected an argument", None),
    ("}", 1, 1, "expected a statement, got `}`", None),
    ("foreach ($x of $y) { }", 1, 13, "expected `in`, got `of`", None),
    ("function f($a) { param($b) }", 1, 18, "the function declares its parameters twice", None),
    ("begin { } Get-X", 1, 11, "expected only `begin`, `process` and `end` blocks here", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "message", "hint"), SYNTAX)
def test_a_construct_outside_the_subset_is_named_with_its_place(text, line, column, message, hint):
    with pytest.raises(InvalidScript) as caught:
        parse_script(text)
    (problem,) = caught.value.problems
    assert isinstance(problem, ScriptProblem)
    assert (problem.line, problem.column) == (line, column)
    assert problem.message.startswith(message)
    assert (problem.hint is None) == (hint is None)
    assert (hint or "") in (problem.hint or "")


def shown(text, **options):
    with pytest.raises(InvalidScript) as caught:
        run_script(text, state=None, cmdlets=(), **options)
    return [line for problem in caught.value.problems for line in problem.lines()]


def test_the_source_line_and_a_caret_follow_the_message():
    assert shown('$a = 1\n\tGet-X @b"c', file="run.ps1") == [
        'run.ps1:2: column 10: no blank between `@b` and `"`',
        '     Get-X @b"c',
        "             ^",
        "hint: put a blank between two arguments, or quote the whole as one string",
    ]


def test_the_caret_stands_under_the_character_after_wide_and_control_characters():
    _, excerpt, caret = shown("'日本\x1b' -foo 1")[:3]
    assert excerpt == "    '日本\\x1b' -foo 1"
    assert caret == "    " + " " * len("'xxxx\\x1b' ") + "^"


def test_a_long_line_is_shown_around_the_caret():
    _, excerpt, caret = shown("'" + "a" * 500 + "' -foo " + "b" * 500)[:3]
    assert excerpt.startswith("    ...aaa")
    assert excerpt.endswith("bbb...")
    assert len(excerpt) < 140
    assert excerpt[len(caret) - 1 :].startswith("-foo")


def test_everything_unknown_is_reported_at_once_and_nothing_runs():
    lines = shown("Write-Host hi\nGet-Foo\nSet-Acl x\n[Frob] 1\n$env:X\n[math]::Asin(1)")
    messages = [line.partition(": ")[2].partition(": ")[2] for line in lines if "column" in line]
    assert messages == [
        "`Get-Foo` is no command that is known here",
        "`Set-Acl` would write a file",
        "the type `Frob` is not part of the subset",
        "`$env:X` would read this machine",
        "`[math]::Asin` is not part of the subset",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Invoke-Command -ComputerName EX02 { 1 }", "would reach it"),
        ("$using:x", "belongs to blocks that run on another machine"),
        ("ping EX02", "reach another machine"),
        ("ipconfig /all", "read this machine"),
        ("Invoke-Expression 'Get-Process'", "would read this machine"),
        ("iex 'x'", "is no command"),
        ("iwr http://x", "would reach another machine"),
        ("Start-Process x", "would run code"),
        ("Import-Module x", "would run code"),
        (".\\other.ps1", "would run a program or another script"),
        ("C:\\tools\\x.exe a", "would run a program or another script"),
        ("ipconfig.exe", "would run a program or another script"),
        ("Get-X | Out-File x", "is no command"),
        ("Set-Acl x y", "would write a file"),
        ("Get-Date", "another answer in every run"),
        ("Get-Random", "another answer in every run"),
        ("Read-Host 'name'", "wait for somebody"),
        ("Send-MailMessage", "reach another machine"),
        ("New-PSSession", "reach another machine"),
        ("Test-Connection x", "reach another machine"),
        ("Get-WmiObject x", "read this machine"),
        ("Get-Process", "read this machine"),
        ("$host.UI.PromptForChoice(1, 2, 3, 0)", "wait for somebody"),
        ("$PSScriptRoot", "read this machine"),
        ("[datetime]::Now", "another answer in every run"),
        ("[System.IO.File]::Encrypt('x')", "not part of the subset"),
        ("[scriptblock]::Create('Get-Process')", "would read this machine"),
    ],
)
def test_what_reaches_the_machine_is_refused_before_anything_runs(text, reason):
    assert reason in shown(f"Write-Host before\n{text}")[0]


def test_a_computed_command_name_is_refused_when_it_is_called():
    result = run_script("$n = 'Start-Process'; & $n x; 'after'", state=None, cmdlets=())
    assert [(error.id, error.message) for error in result.errors] == [
        ("CommandRefused", "`Start-Process` would run code")
    ]
    assert result.output == "after\n"


def test_a_misspelt_command_gets_a_suggestion():
    assert shown("Wriet-Host x")[-1] == "hint: did you mean `Write-Host`?"


def test_a_huge_script_is_refused_before_it_is_read():
    with pytest.raises(InvalidScript, match="the script is too long"):
        parse_script(" " * (MAX_SCRIPT_CHARACTERS + 1))


PASTED = [
    ("Get-X -Name <Name>", "placeholder"),
    ("Get-X -Name <Name of it> -Y 1", "placeholder"),
    ("[PS] C:\\>Get-X | y", "prompt"),
    ("PS C:\\Windows> Get-X", "prompt"),
    ("Get-X |\n>> Out-Null", "prompt of a continued line"),
    ("Get-X -Name &quot;a&quot;", "HTML entities"),
    ("if ($a -eq 1) { Get-X &amp;&amp; Get-Y }", "HTML entities"),
]


@pytest.mark.parametrize(("text", "advice"), PASTED)
def test_what_was_pasted_with_the_script_is_named(text, advice):
    assert advice in shown(text)[-1]


def test_what_is_wrong_beside_an_error_of_syntax_is_told_at_once():
    text = "Get-X -Name <Name>\nStart-Process y\nif (1) { Get-Y <Z> }"
    with pytest.raises(InvalidScript) as caught:
        run_script(text, state=None, cmdlets=())
    assert [problem.line for problem in caught.value.problems] == [1, 2, 3]


def test_where_the_rest_makes_no_script_only_the_first_error_is_sure():
    lines = shown("$a = (\n}\n}\n(\n)\n}\n)\n}\n)\n}\n)\n}")
    assert len([line for line in lines if "column" in line]) == 1
