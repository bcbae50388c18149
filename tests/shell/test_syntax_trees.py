"""From text to tree: the constructs one by one."""
# ruff: noqa: E501 - a text and its tree stand on one line

from decimal import Decimal

import pytest

from relaysim.powershell.language.formatter import format_script
from relaysim.powershell.language.syntax import (
    ArrayLiteral,
    BareWord,
    Binary,
    ExpandableString,
    NumberLiteral,
    ParameterArgument,
    Pipeline,
    Splat,
    StringLiteral,
    Unary,
    Variable,
)
from relaysim.powershell.parser import parse_script
from relaysim.powershell.values.numeric import SizedInt


def only(text):
    (statement,) = parse_script(text).end or ()
    assert isinstance(statement, Pipeline)
    (element,) = statement.elements
    return element


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'it''s'", "it's"),
        ("'a`n$b'", "a`n$b"),
        ("‘it‘‘s’", "it‘s"),
        ("‚a‛", "a"),
        ('"a""b"', 'a"b'),
        ('"a`"b"', 'a"b'),
        ("“a”", "a"),
        ("„a“", "a"),
        ('"a‟b"', "a‟b"),
        ('"`0`a`b`f`n`r`t`v`x`$"', "\0\a\b\f\n\r\t\vx$"),
        ('"a$ b $"', "a$ b $"),
        ('"a`\nb"', "a\nb"),
        ("@'\na'b\n$c\n'@", "a'b\n$c"),
        ("@'\n'@", ""),
        ('@"\na"b`t\n"@', 'a"b\t'),
        ('@"\n"@', ""),
        ('@"\r\na\r\n"@', "a"),
        ("@‘\na\n’@", "a"),
    ],
)
def test_strings(text, value):
    assert only(text) == StringLiteral(value=value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("5.5", 5.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("0x1F", 31),
        ("25MB", 25 << 20),
        ("1.5kb", 1536.0),
        ("2GB", 2 << 30),
        ("7L", SizedInt(7, "long")),
        ("9223372036854775808", Decimal(9223372036854775808)),
    ],
)
def test_numbers(text, value):
    assert only(text) == NumberLiteral(value=value)
    assert type(only(text).value) is type(value)


@pytest.mark.parametrize(
    "word",
    ["[::]:25", "25MB", "00:15:00", "0.0.0.0:25", "192.168.2.0/24", "::-ffff:ffff", "a@b.c", "*", "a#b",
     "C:\\ips.txt", "SRV\\Default", "ms-Exch-SMTP-Submit", "10.0.0.1-10.0.0.9", "é", "a=b"],
)  # fmt: skip
def test_an_unquoted_argument_is_one_word(word):
    command = only(f"Set-X -Y {word} {word},{word} # comment")
    assert command.arguments == (
        ParameterArgument(name="Y"),
        BareWord(text=word),
        ArrayLiteral(items=(BareWord(text=word), BareWord(text=word))),
    )


@pytest.mark.parametrize("comma", [",", ", ", " ,", " , ", ",\n", ", # why\n ", ",`\n"])
def test_a_comma_list_of_an_argument_goes_on_after_the_comma(comma):
    assert only(f"Set-X a{comma}b").arguments == (
        ArrayLiteral(items=(BareWord(text="a"), BareWord(text="b"))),
    )


@pytest.mark.parametrize("dash", "-–—―")
def test_typographic_dashes_are_dashes(dash):
    assert only(f"Set-X {dash}Name a").arguments[0] == ParameterArgument(name="Name")
    assert only(f"1 {dash}eq 2").rest[0][0] == "-eq"
    assert only(f"{dash}5") == Unary(operator="-", operand=NumberLiteral(value=5))


def test_a_value_after_a_colon_belongs_to_the_parameter():
    arguments = only("Set-X -A:$false -B: 1 -C:a,b").arguments
    assert arguments == (
        ParameterArgument(name="A", value=Variable(name="false")),
        ParameterArgument(name="B", value=BareWord(text="1")),
        ParameterArgument(
            name="C", value=ArrayLiteral(items=(BareWord(text="a"), BareWord(text="b")))
        ),
    )


def test_a_variable_with_text_after_it_is_one_expanded_argument():
    parts = (Variable(name="server"), "\\Relay")
    assert only("Get-X $server\\Relay").arguments == (ExpandableString(parts=parts),)
    assert only('Get-X "$server\\Relay"').arguments == (ExpandableString(parts=parts),)


def test_a_splat_is_an_argument():
    assert only("Set-X @p").arguments == (Splat(name="p"),)


def test_lines_go_on_after_a_backtick_a_pipe_a_comma_and_an_operator():
    text = "Get-X `\n -A a,\n b |\n Where-Object { $_ -eq\n 1 } | # c\n\n ft <# d\n e #> -AutoSize"
    assert format_script(parse_script(text)) == (
        "Get-X -A a, b | Where-Object { $_ -eq 1 } | ft -AutoSize\n"
    )


def test_a_word_before_a_continuation_is_what_it_is_elsewhere():
    assert only("Set-X -Size 25MB`\n -B 1").arguments[1] == BareWord(text="25MB")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("1 * 2 + 3", "(1 * 2) + 3"),
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("1 + 2 -eq 3", "(1 + 2) -eq 3"),
        ("1 -eq 2 -and 3 -or 4", "((1 -eq 2) -and 3) -or 4"),
        ("1 -band 2 -eq 3", "1 -band (2 -eq 3)"),
        ("-not 1 -eq 2", "(-not 1) -eq 2"),
        ("'{0}' -f 1 + 2", "('{0}' -f 1) + 2"),
        ("1 .. 2 * 3", "(1 .. 2) * 3"),
        ("1, 2 + 3, 4", "(1, 2) + (3, 4)"),
        ("[int] 1 + 2", "([int] 1) + 2"),
        ("'a' -is [int] -and 1", "('a' -is [int]) -and 1"),
        ("'a' -replace 'b', 'c' -split 'd'", "('a' -replace ('b', 'c')) -split 'd'"),
    ],
)
def test_precedence(text, canonical):
    """The two readings are the same once the parentheses of the second are dissolved."""

    def shape(node):
        if isinstance(node, Binary):
            result = shape(node.first)
            for operator, operand in node.rest:
                result = (operator, result, shape(operand))
            return result
        if isinstance(node, ArrayLiteral):
            return ("list", *map(shape, node.items))
        if hasattr(node, "inner"):
            return shape(node.inner.elements[0])
        if hasattr(node, "operand"):
            return (type(node).__name__, shape(node.operand))
        return getattr(node, "value", getattr(node, "name", None))

    assert shape(only(text)) == shape(only(canonical))


SAME = [
    ("if($a){1}elseif($b){2}else{3}", "if ($a) { 1 } elseif ($b) { 2 } else { 3 }"),
    ("IF ($a)\n{\n1\n}\nELSE\n{\n2\n}", "if ($a) { 1 } else { 2 }"),
    ("foreach($x in 1,2){$x}", "foreach ($x in 1, 2) { $x }"),
    ("for($i=0;$i -lt 3;$i++){}", "for ($i = 0; $i -lt 3; $i++) { }"),
    ("for(;;){}", "for (; ; ) { }"),
    ("do{1}until($true)", "do { 1 } until ($true)"),
    ("switch($a){'x'{1}default{2}}", "switch ($a) {\n    'x' { 1 }\n    default { 2 }\n}"),
    ("try{1}catch[Foo.Bar]{2}catch{3}finally{4}",
     "try { 1 } catch [Foo.Bar] { 2 } catch { 3 } finally { 4 }"),
    ("function f($a,[int]$b=1){$a}",
     "function f {\n    param(\n        $a,\n        [int] $b = 1\n    )\n    $a\n}"),
    ("$a=$b=1", "$a = $b = 1"),
    ("$h=@{a=1;'b c'=2\n3=4}", "$h = @{a = 1; 'b c' = 2; 3 = 4}"),
    ("a;b;;\n\n;c", "a\nb\nc"),
    ("Get-X 2>$null >$null", "Get-X 2>$null >$null"),
    ("$x.y.z(1,'a')[0].w", "$x.y.z(1, 'a')[0].w"),
    ("[string]::Join(',',$a)", "[string]::Join(',', $a)"),
    ("& $f 1; & {2}", "& $f 1\n& { 2 }"),
    ("${a b}+1", "${a b} + 1"),
    ("$script:x=1", "$script:x = 1"),
    ("return", "return"),
    ("throw 'x'", "throw 'x'"),
    ("\ufeffGet-X", "Get-X"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "canonical"), SAME)
def test_the_canonical_text(text, canonical):
    assert format_script(parse_script(text)) == canonical + "\n"
    assert parse_script(canonical) == parse_script(text)


def test_positions_take_no_part_in_equality():
    one, two = parse_script("Get-X"), parse_script("\n   Get-X")
    assert one == two
    assert [node.at for node in one.end or ()] == [0]
    assert [node.at for node in two.end or ()] == [4]


@pytest.mark.parametrize("text", ["0>$null", "0 >$null", "0x0>$NULL"])
def test_a_number_whose_output_is_discarded_is_no_command(text):
    tree = parse_script(text)
    assert format_script(tree) == "0 >$null\n"
    assert parse_script(format_script(tree)) == tree
