"""What methods of .NET make of their arguments, and the enumerators they give.

Each expectation is what PowerShell 7.6.9 gives where .NET Framework has the same method.
"""

import pytest

from relaysim.powershell.runner import run_script

CONVERSION = "MethodArgumentConversionInvalidCastArgument"
OVERLOAD = "MethodCountCouldNotFindBest"

ERRORS = (
    ("'abc'.Substring((1, 2))", OVERLOAD),
    ("'abc'.Insert((1, 2), 'x')", CONVERSION),
    ("'abc'.PadLeft(6, 'ab')", CONVERSION),
    ("'abc'.StartsWith('A', $true)", CONVERSION),
    ("'abc'.Equals('ABC', 'x')", CONVERSION),
    ("'abc'.CompareTo(5)", "ArgumentException"),
    ("'abc'.Chars('x')", "ExceptionWhenGetting"),
    ("'abc'.ToCharArray(1, 5)", "ArgumentOutOfRangeException"),
    ("'abcb'.IndexOf('b', 1, 9)", "ArgumentOutOfRangeException"),
    ("'a,b'.Split(',', -1)", "ArgumentOutOfRangeException"),
    ("'abc'.Replace([char]'a', 'zz')", CONVERSION),
    ("(5).ToString('x', 'y')", OVERLOAD),
    ("$true.ToString('x')", OVERLOAD),
    ("(1, 2).GetValue(5)", "IndexOutOfRangeException"),
    ("(1, 2).GetLength(1)", "IndexOutOfRangeException"),
    ("[char]::IsDigit('ab')", CONVERSION),
    ("[char]::ToUpper('ab')", CONVERSION),
    ("[array]::Reverse($null)", "ArgumentNullException"),
    ("[array]::Sort($null)", "ArgumentNullException"),
    ("[array]::IndexOf($null, 1)", "ArgumentNullException"),
    ("[string]::Format('{0}', $null)", "ArgumentNullException"),
    ("[string]::Format('{0}')", "FormatException"),
    ("[math]::Round($true)", OVERLOAD),
    ("[math]::Abs((1, 2))", OVERLOAD),
    ("[math]::Sqrt((1, 2))", CONVERSION),
    ("[math]::Sign('x')", CONVERSION),
    ("[math]::Abs([int]::MinValue)", "OverflowException"),
    ("[convert]::ToInt32('5.5')", "FormatException"),
    ("[convert]::ToInt32('')", "FormatException"),
    ("[convert]::ToInt32('1,000')", "FormatException"),
    ("[convert]::ToInt32((1, 2))", "InvalidCastException"),
    ("[convert]::ToBoolean((1, 2))", "InvalidCastException"),
    ("[convert]::ToDouble('')", "FormatException"),
    ("[convert]::ToDecimal('x')", "FormatException"),
    ("[convert]::ToDateTime('x')", "FormatException"),
    ("[convert]::ToChar('ab')", "FormatException"),
    ("[convert]::ToString('a', 2)", CONVERSION),
    ("[convert]::ToBase64String('abc')", CONVERSION),
    ("[convert]::ToBase64String($null)", "ArgumentNullException"),
    ("[regex]::Match('a', 'b', 'Foo')", CONVERSION),
    ("[int]::TryParse('5', $null)", "NonRefArgumentToRefParameterMsg"),
)


@pytest.mark.parametrize(("call", "error"), ERRORS)
def test_an_argument_that_does_not_fit_is_an_error(call, error):
    script = f"try {{ {call} }} catch {{ $_.FullyQualifiedErrorId }}"
    assert run_script(script, state=None, cmdlets=()).output == error + "\n"


VALUES = (
    ("'abc'.StartsWith('A', $true, $null); 'abc'.EndsWith('C', 5)", "True True"),
    ("'abc'.IndexOfAny([char[]]'cb', 2); -join 'abc'.ToCharArray(1, 1)", "2 b"),
    ("'a,,b'.Split(',', 2, 'RemoveEmptyEntries') -join '|'", "a|b"),
    ("(, (, ('ab', 'c'))).ToUpper()", "AB C"),
    ("[math]::Log(0); [math]::Log10(0) -eq [double]::NegativeInfinity", "-∞ True"),
    ("[char]::ToUpper(97); [char]::IsDigit(5); [char]::IsLetter(65)", "A False True"),
    ("[string]::Join(',') + '|' + [string]::Concat() + [string]::Format('x')", "|x"),
    ("[convert]::ToString((1, 2)); [convert]::ToInt32(' 5 ')", "System.Object[] 5"),
    ("[regex]::Match(\"a`nb\", '^b', 'Multiline').Success", "True"),
    ("[regex]::Match(\"a`nb\", 'a.B', 'IgnoreCase, Singleline').Success", "True"),
    ("[regex]::Match('AB', 'b', 3).Success; [regex]'b' -replace 'b', 'c'", "True c"),
    ("$e = @{ a = 1 }.GetEnumerator(); while ($e.MoveNext()) { $e.Key; $e.Value }", "a 1"),
    ("$e = 'ab'.GetEnumerator(); $e.MoveNext(); $e.Current", "True a"),
    ("$e = @{ a = 1 }.GetEnumerator(); @($e).Count; @($e).Count", "1 0"),
    ("@{ a = 1; b = 2 }.GetEnumerator() | % { $_.Key }; @{ a = 1 }.GetEnumerator().Name", "a b a"),
    ("$h = @{ a = 1 }; $h.set_Item('b', 2); $h.get_Item('b'); $h.get_Count()", "2 2"),
    ("'abc'.get_Length(); 'abc'.get_Chars(1); (Get-Date '2024-01-02').get_Day()", "3 b 2"),
)


@pytest.mark.parametrize(("script", "printed"), VALUES)
def test_a_method_gives_what_net_gives(script, printed):
    result = run_script(script, state=None, cmdlets=())
    assert result.output.split() == printed.split()
    assert not result.errors


UNKNOWN = (
    "(1, 2).Clone", "'abc'.CopyTo", "[regex]::Match('ab', 'a b', 'IgnorePatternWhitespace')",
    "[regex]::new('^b', 'Multiline')", "$e = (1, 2).GetEnumerator(); $e.GetType()",
)  # fmt: skip


@pytest.mark.parametrize("script", UNKNOWN)
def test_what_is_not_answered_here_ends_the_script(script):
    result = run_script(f"try {{ {script} }} catch {{ }}; 'on'", state=None, cmdlets=())
    assert result.errors[-1].id == "NotInSubset"
    assert not result.output
