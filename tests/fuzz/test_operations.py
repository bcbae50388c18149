"""Operators, conversions and methods of the shell on values at the ends of their types.

What they give is PowerShell's, and held elsewhere; here nothing but a value or an error of the
script may come of them. Unlike damaged text these reach the values themselves.
"""

import random

import pytest

from relaysim.errors import RelaysimError
from relaysim.powershell.runner import run_script
from tests.fuzz.damage import LONG, ROUNDS, SEED

VALUES = (
    "$null", "''", "'x'", "'1e400'", "('9' * 40)", "'0x7fffffffffffffff'", "'NaN'", "' 1 '",
    "[char]0", "[char]65535", "$true", "0", "-1", "2147483647", "-2147483648", "[int64]::MinValue",
    "[uint64]::MaxValue", "[byte]255", "[sbyte]-128", "1.5", "1e308", "1e30", "1e-320",
    "[double]::NaN", "[double]::PositiveInfinity", "[single]1e38", "[decimal]::MaxValue",
    "-[decimal]::MaxValue", "1.10d", "0.0000000000000000000000000001d", "@()", "@(1, 'x', $null)",
    ",@(1, 2)", "@{}", "[ordered]@{a = 1; b = 2}", "[pscustomobject]@{a = 1}",
    "[datetime]::MinValue", "[datetime]::MaxValue", "[timespan]::MaxValue", "[timespan]::MinValue",
    "[guid]::Empty", "[version]'1.2'", "[ipaddress]'192.0.2.1'", "[int]", "[regex]'a+'", "{ 1 }",
    "[DayOfWeek]1", "[System.Collections.ArrayList]@(1)", "[byte[]](1, 2)", "'\u00e9'",
)  # fmt: skip
OPERATORS = (
    "+", "-", "*", "/", "%", "-band", "-bor", "-bxor", "-shl", "-shr", "-eq", "-lt", "-ge", "-like",
    "-match", "-contains", "-in", "-replace", "-split", "-join", "-f", "-is", "-as", "-and", "..",
)  # fmt: skip
TYPES = (
    "int", "long", "byte", "uint64", "double", "single", "decimal", "string", "char", "bool",
    "datetime", "timespan", "guid", "version", "ipaddress", "regex", "int[]", "byte[]", "string[]",
    "hashtable", "DayOfWeek", "System.Collections.ArrayList", "object", "type", "scriptblock",
)  # fmt: skip
METHODS = (
    "Substring", "IndexOf", "Split", "Replace", "Insert", "Remove", "PadLeft", "Trim", "ToString",
    "CompareTo", "Contains", "Add", "RemoveAt", "RemoveRange", "GetRange", "AddDays", "AddMonths",
    "AddTicks", "Subtract", "ToByteArray", "Match", "ForEach", "Where", "ContainsKey", "Equals",
)  # fmt: skip
STATICS = (
    "math]::Round", "math]::Pow", "math]::DivRem", "math]::Abs", "string]::Format", "string]::Join",
    "datetime]::DaysInMonth", "datetime]::Parse", "timespan]::FromDays", "convert]::ToString",
    "convert]::ToInt32", "convert]::FromBase64String", "char]::IsUpper", "decimal]::Parse",
    "int]::Parse", "array]::IndexOf", "enum]::ToObject", "bitconverter]::ToInt32", "guid]::Parse",
    "Text.Encoding]::UTF8.GetString", "Text.Encoding]::UTF8.GetBytes", "regex]::Replace",
)  # fmt: skip
FORMATS = ("N99", "X8", "E", "P", "C", "0.00", "yyyy", "ddd", "c", "hh", "'", "zz", "", "D5", "{")


def operation(draw):
    """Return a script that does one thing to values."""
    one, two, three = (draw.choice(VALUES) for _ in range(3))
    match draw.randrange(7):
        case 0:
            return f"$r = ({one}) {draw.choice(OPERATORS)} ({two})"
        case 1:
            return f"$r = {draw.choice(('-', '!', '-bnot ', '-join ', ',', '+'))}({one})"
        case 2:
            return f"$v = {one}; $v {draw.choice(('+=', '-=', '*=', '/='))} {two}; $r = $v"
        case 3:
            kind = draw.choice(TYPES)
            forms = (f"[{kind}]({one})", f"({one}) -as [{kind}]", f"New-Object {kind} ({one})")
            return f"$r = {draw.choice(forms)}"
        case 4:
            given = draw.choice(("", f"({two})", f"({two}), ({three})", f"({two}), 1, 2"))
            return f"$v = {one}; $r = $v.{draw.choice(METHODS)}({given})"
        case 5:
            given = draw.choice(("", f"({one})", f"({one}), ({two})", f"({one}), ({two}), 1"))
            return f"$r = [{draw.choice(STATICS)}({given})"
        case _:
            form = draw.choice(FORMATS).replace("'", "''")
            return f"$v = {one}; $r = '{{0:{form}}} {{0,-9}}' -f $v; $v[({two})]"


def test_operations_give_a_value_or_an_error_of_the_script():
    draw = random.Random(f"operations {SEED}")  # noqa: S311
    ended = 0
    for _ in range(ROUNDS if LONG else 1500):
        script = operation(draw) + '; "$r"; $r'
        try:
            run_script(script, state=None, cmdlets=())
            ended += 1
        except RelaysimError:
            pass
        except Exception as error:  # noqa: BLE001  # whatever it is, it is found here
            pytest.fail(f"{error!r} by {script}")
    assert ended
