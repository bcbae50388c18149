"""What scripts print of errors: the words, the id, the category and the exception.

Each expectation is what PowerShell 7.6.9 gives, with the words of .NET Framework.
"""

import pytest

from relaysim.powershell.runner import run_script

TOLD = (
    "try { %s } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.Category; "
    "$e = $_.Exception; $e.GetType().Name; $inner = $e.InnerException; "
    "if ($inner) { $inner.GetType().Name }; $e.Message }"
)
COMMANDS = "Microsoft.PowerShell.Commands."
RECORD = (
    "(New-Object Management.Automation.ErrorRecord ([Exception]'boom'), 'Id', 'InvalidData', 't')"
)


def lines(script):
    """Return the lines that a script prints."""
    return run_script(script, state=None, cmdlets=()).output.replace("\r\n", "\n").splitlines()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            "1 | Sort-Object -Bogus",
            [f"NamedParameterNotFound,{COMMANDS}SortObjectCommand", "InvalidArgument",
             "ParameterBindingException",
             "A parameter cannot be found that matches parameter name 'Bogus'."],
        ),
        (
            "Select-Object -First -1",
            [f"ParameterArgumentValidationError,{COMMANDS}SelectObjectCommand", "InvalidData",
             "ParameterBindingValidationException", "ValidationMetadataException",
             "Cannot validate argument on parameter 'First'. The -1 argument is less than the "
             "minimum allowed range of 0. Supply an argument that is greater than or equal to 0 "
             "and then try the command again."],
        ),
        (
            "Join-Path",
            [f"MissingMandatoryParameter,{COMMANDS}JoinPathCommand", "InvalidArgument",
             "ParameterBindingException",
             "Cannot process command because of one or more missing mandatory parameters: Path "
             "ChildPath."],
        ),
        (
            "function f([int]$n) { }; f x",
            ["ParameterArgumentTransformationError,f", "InvalidData",
             "ParameterBindingArgumentTransformationException",
             "ArgumentTransformationMetadataException",
             "Cannot process argument transformation on parameter 'n'. Cannot convert value \"x\" "
             'to type "System.Int32". Error: "Input string was not in a correct format."'],
        ),
        (
            "Get-Variable none -ErrorAction Stop",
            [f"VariableNotFound,{COMMANDS}GetVariableCommand", "ObjectNotFound",
             "ItemNotFoundException", "Cannot find a variable with the name 'none'."],
        ),
        (
            "1 | Select-Object -Property @{ x = 'a' }",
            [f"DictionaryKeyIllegal,{COMMANDS}SelectObjectCommand", "InvalidArgument",
             "NotSupportedException", "The x key is not valid."],
        ),
        (
            "Get-Content none -ErrorAction Stop",
            [f"PathNotFound,{COMMANDS}GetContentCommand", "ObjectNotFound",
             "ItemNotFoundException",
             r"Cannot find path 'C:\Scripts\none' because it does not exist."],
        ),
        (
            "[int]$i = 5; $i = 'x'",
            ["RuntimeException", "MetadataError", "ArgumentTransformationMetadataException",
             "PSInvalidCastException",
             'Cannot convert value "x" to type "System.Int32". Error: "Input string was not in a '
             'correct format."'],
        ),
        (
            "[version]::Parse('x')",
            ["ArgumentException", "NotSpecified", "MethodInvocationException", "ArgumentException",
             'Exception calling "Parse" with "1" argument(s): "Version string portion was too '
             'short or too long."'],
        ),
        (
            "'a' -replace '[', 'b'",
            ["InvalidRegularExpression", "InvalidOperation", "RuntimeException",
             "ArgumentException", "The regular expression pattern [ is not valid."],
        ),
        (
            "Set-StrictMode -Version 2; function f($a, $b) { }; f(1, 2)",
            ["StrictModeFunctionCallWithParens", "InvalidOperation", "RuntimeException",
             "The function or command was called as if it were a method. Parameters should be "
             "separated by spaces. For information about parameters, see the about_Parameters "
             "Help topic."],
        ),
        (
            "function f([ValidateScript({ throw 'too small' })]$x) { }; f 1",
            ["ParameterArgumentValidationError,f", "InvalidData",
             "ParameterBindingValidationException", "ValidationMetadataException",
             "Cannot validate argument on parameter 'x'. too small"],
        ),
        (
            "function f { [CmdletBinding()] param() $PSCmdlet.ThrowTerminatingError("
            f"{RECORD}) }}; f",
            ["Id,f", "InvalidData", "Exception", "boom"],
        ),
        ("throw " + RECORD, ["Id", "InvalidData", "Exception", "boom"]),
        (
            "[int[]]'x'",
            ["InvalidCastExceptionScalarToArray", "InvalidArgument", "RuntimeException",
             "PSInvalidCastException",
             'Cannot convert value "x" to type "System.Int32[]". Error: "Cannot convert value "x" '
             'to type "System.Int32". Error: "Input string was not in a correct format.""'],
        ),
        (
            "[int][datetime]'2024-01-02'",
            ["InvalidCastIConvertible", "InvalidArgument", "RuntimeException",
             "PSInvalidCastException",
             'Cannot convert value "1/2/2024 12:00:00 AM" to type "System.Int32". Error: "Invalid '
             "cast from 'DateTime' to 'Int32'.\""],
        ),
        (
            "Write-Warning ('a', 'b')",
            [f"CannotConvertArgument,{COMMANDS}WriteWarningCommand", "InvalidArgument",
             "ParameterBindingException",
             "Cannot convert 'System.Object[]' to the type 'System.String' required by parameter "
             "'Message'. Specified method is not supported."],
        ),
        (
            "@{ a = 1 } + $null",
            ["AddHashTableToNonHashTable", "InvalidOperation", "RuntimeException",
             "A hash table can only be added to another hash table."],
        ),
        (
            "$h = @{ a = 1 }; foreach ($k in $h.Keys) { $h[$k] = 2 }",
            ["System.InvalidOperationException", "OperationStopped", "InvalidOperationException",
             "Collection was modified; enumeration operation may not execute."],
        ),
    ],
)  # fmt: skip
def test_an_error_tells_what_powershell_tells(script, told):
    assert lines(TOLD % script) == told


TWO_SETS = (
    "function f { param([Parameter(ParameterSetName = 'a')]$x, "
    "[Parameter(ParameterSetName = 'b'%s)]$y, $z) $PSCmdlet.ParameterSetName }; "
)


@pytest.mark.parametrize(
    ("script", "ids", "printed"),
    [
        (TWO_SETS % "" + "f -x 1 -y 2", ["AmbiguousParameterSet"], []),
        (TWO_SETS % "" + "f -z 1", ["AmbiguousParameterSet"], []),
        (TWO_SETS % ", Mandatory" + "f -z 1", [], ["a"]),
        ("Set-StrictMode -Version 1; \"[$none]\"", [], ["[]"]),
        ("Write-Error x -Category Bogus", ["CannotConvertArgumentNoMessage"], []),
        ("try { Get-Item none -ErrorAction Stop } catch { $_.Exception.ItemName }", [],
         [r"C:\Scripts\none"]),
        ("function f([ValidateSet('a')]$m) { }\n"
         "try { f b } catch { $_.Exception.ParameterName; $_.Exception.ErrorId }",
         [], ["m", "ParameterArgumentValidationError"]),
        ("try { $true = 1 } catch { $_.Exception.ItemName }", [], ["true"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_once(script, ids, printed):
    result = run_script(script, state=None, cmdlets=())
    assert [error.id for error in result.errors] == ids
    assert result.output.splitlines() == printed
