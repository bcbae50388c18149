"""What the parameters of PowerShell's own commands refuse: null, empty texts and arrays.

Of each parameter: ``n``, ``e``, ``a`` where null, an empty text, an empty array is not valid, in
capitals where it is not allowed; behind ``:`` the type of one that takes a single value. As
PowerShell answers; what is not listed takes anything here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.failing.failures import ConversionError

if TYPE_CHECKING:
    from relaysim.powershell.values.value import Value

__all__ = ["other_parameters", "require_fitting"]

_DECLARED = """
Add-Content Encoding=n Path=NEA
Add-Member MemberType=N Name=NE:String NotePropertyMembers=n:Collections.IDictionary
  NotePropertyName=ne:String TypeName=ne:String
Clear-Content Path=NEA
Clear-Variable Name=NEA Scope=ne:String
Compare-Object Culture=:String DifferenceObject=N ReferenceObject=N SyncWindow=n:Int32
ConvertFrom-Csv Delimiter=n:Char Header=nea InputObject=n
ConvertFrom-Json InputObject=N:String
ConvertFrom-StringData StringData=N:String
ConvertTo-Csv Delimiter=n:Char
ConvertTo-Html As=ne:String CssUri=n:String PostContent=nea PreContent=nea Title=ne:String
ConvertTo-Json Depth=n:Int32
Copy-Item Destination=:String Path=NEA
Export-Clixml Depth=ne:Int32 Encoding=n Path=NE:String
Export-Csv Delimiter=n:Char Encoding=n Path=ne:String
Format-Custom Depth=ne:Int32
Format-List Expand=ne:String View=:String
Format-Table Expand=ne:String View=:String
Format-Wide Column=ne:Int32 Expand=ne:String View=:String
Get-Alias Definition=nea Name=nea
Get-ChildItem Filter=:String
Get-Command Name=nea ParameterName=nea TotalCount=:Int32
Get-Content Delimiter=:String Encoding=n Path=NEA ReadCount=:Int64 Tail=n:Int32
  TotalCount=n:Int64
Get-Date Date=:DateTime Day=ne:Int32 Format=:String Hour=n:Int32 Millisecond=n:Int32
  Minute=n:Int32 Month=ne:Int32 Second=n:Int32 UFormat=NE:String Year=ne:Int32
Get-Item Path=NEA
Get-Member Name=nea
Get-Variable Name=nea Scope=ne:String
Group-Object Culture=:String
Import-Csv Delimiter=n:Char Encoding=n Header=nea Path=nea
Invoke-Command ScriptBlock=n
Invoke-Expression Command=NE:String
Join-Path Path=NEA
Measure-Object Property=na
Move-Item Destination=:String Path=NEA
New-Alias Description=:String Name=NE:String Scope=:String Value=NE:String
New-Item ItemType=:String Name=:String Path=NEA
New-Object Property=:Collections.IDictionary TypeName=NE:String
New-TimeSpan Days=:Int32 Hours=:Int32 Minutes=:Int32 Seconds=:Int32 Start=:DateTime
New-Variable Description=:String Name=NE:String Scope=ne:String
Out-File Encoding=n FilePath=NE:String Width=ne:Int32
Out-String Width=ne:Int32
Remove-Item Path=NEA
Remove-Variable Name=NEA Scope=ne:String
Rename-Item NewName=NE:String Path=NE:String
Resolve-Path Path=NEA
Select-Object ExpandProperty=:String First=n:Int32 Index=n Last=n:Int32 Skip=n:Int32
  SkipLast=n:Int32
Select-String Context=na Encoding=n Path=NEA Pattern=NEA
Set-Alias Description=:String Name=NE:String Scope=:String Value=NE:String
Set-Content Encoding=n Path=NEA
Set-StrictMode Version=ne
Set-Variable Description=:String Name=NEA Scope=ne:String
Sort-Object Culture=:String
Split-Path Path=NEA
Start-Sleep Milliseconds=n:Int32 Seconds=n:Double
Tee-Object FilePath=NE:String Variable=NE:String
Where-Object Property=ne:String
Write-Error CategoryActivity=:String CategoryReason=:String CategoryTargetName=:String
  CategoryTargetType=:String ErrorId=:String ErrorRecord=N Exception=N:Exception Message=:String
  RecommendedAction=:String
Write-Progress Activity=:String CurrentOperation=:String Id=n:Int32 ParentId=n:Int32
  PercentComplete=n:Int32 SecondsRemaining=:Int32 Status=ne:String
Write-Verbose Message=N:String
Write-Warning Message=N:String
"""


_OTHERS = """
Add-Content Filter Include Exclude Credential UseTransaction Stream
Clear-Content Filter Include Exclude Force Credential UseTransaction Stream
Clear-Variable Include Exclude PassThru
Copy-Item Container Filter Include Exclude Credential FromSession ToSession UseTransaction
Get-Alias Exclude Scope
Get-ChildItem Depth Attributes FollowSymlink Hidden ReadOnly System UseTransaction
Get-Command FullyQualifiedModule ShowCommandInfo ArgumentList ParameterType
Get-Content Filter Include Exclude Force Credential UseTransaction Wait Stream
Get-Item Filter Include Exclude Force Credential UseTransaction Stream
Get-Location PSProvider PSDrive Stack StackName UseTransaction
Get-Variable Include Exclude
Import-Clixml IncludeTotalCount
Join-Path Credential UseTransaction
Move-Item Filter Include Exclude Credential UseTransaction
New-Alias PassThru
New-Item Credential UseTransaction
New-Object Strict
New-Variable Visibility
Pop-Location PassThru StackName UseTransaction
Push-Location StackName UseTransaction
Remove-Item Filter Include Exclude Credential UseTransaction Stream
Remove-Variable Include Exclude
Rename-Item Credential UseTransaction
Resolve-Path Relative Credential UseTransaction
Select-String Include Exclude
Set-Alias PassThru
Set-Content Filter Include Exclude Credential UseTransaction Stream
Set-Location StackName UseTransaction
Set-Variable Include Exclude Visibility
Split-Path Credential UseTransaction
Test-Path Filter Include Exclude IsValid Credential UseTransaction OlderThan NewerThan
Write-Progress SourceId
"""
"""Parameters of Windows PowerShell that are not part of the subset."""


def other_parameters(command: str) -> tuple[str, ...]:
    """Return the names of the parameters of a command that are not part of the subset."""
    for line in _OTHERS.strip().splitlines():
        name, *names = line.split()
        if name == command:
            return tuple(names)
    return ()


def _read() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    command = ""
    for line in _DECLARED.strip().splitlines():
        words = line.split()
        if not line.startswith(" "):
            command = words.pop(0)
        for word in words:
            name, _, marks = word.partition("=")
            found[command, name] = marks
    return found


_MARKS = _read()
_EMPTY = {"n": "null", "e": "an empty string", "a": "an empty array"}
_ENDS = {"n": "NullNotAllowed", "e": "EmptyStringNotAllowed", "a": "EmptyArrayNotAllowed"}


def require_fitting(command: str, name: str, value: Value) -> None:
    """Refuse a value that a parameter of one of PowerShell's own commands does not take.

    Raises:
        ConversionError: It does not take it.
    """
    marks, _, single = _MARKS.get((command, name), "").partition(":")
    if isinstance(value, list) and single:
        raise ConversionError(
            f"Cannot convert 'System.Object[]' to the type 'System.{single}' required by "
            f"parameter '{name}'. Specified method is not supported.",
            id="CannotConvertArgument",
        )
    for one in value if isinstance(value, list) and value else [value]:
        if one is not None and one not in ("", []):
            continue
        mark = "n" if one is None else "a" if isinstance(one, list) else "e"
        if mark.upper() in marks:
            raise ConversionError(
                f"Cannot bind argument to parameter '{name}' because it is {_EMPTY[mark]}.",
                id=f"ParameterArgumentValidationError{_ENDS[mark]}",
            )
        if mark in marks:
            raise ConversionError(
                "The argument is null or empty. Provide an argument that is not null or empty, "
                "and then try the command again.",
                id="ParameterArgumentValidationError",
            )
