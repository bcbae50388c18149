"""Scripts in the shapes administrators publish: read whole, written back, and run where they can.

The shapes are those of public scripts; names, addresses and wording are our own.
"""
# ruff: noqa: E501 - command lines are quoted as they are written

import pytest

from relaysim.powershell.language.formatter import format_script
from relaysim.powershell.parser import parse_script

SCRIPTS = {
    "the article's own line": """
Get-ReceiveConnector "CRM Application"  | Add-ADPermission -User "NT AUTHORITY\\ANONYMOUS LOGON" -ExtendedRights "ms-Exch-SMTP-Accept-Any-Recipient"
""",
    "continued lines and a range list": """
New-ReceiveConnector -Name "Printers" `
-TransportRole FrontendTransport -Custom -Bindings 0.0.0.0:25,[::]:25 `
-RemoteIpRanges 192.168.12.5, 192.168.20.0/24, 10.0.0.1-10.0.0.9 -MaxMessageSize 25MB -ConnectionTimeout 00:15:00
""",
    "typographic quotes and dashes": """
New-ReceiveConnector –Name “Relay” -Usage Custom -Bindings ‘192.168.1.245:25’ –RemoteIPRanges 192.168.1.110
""",
    "a grown list": """
$RecvConn = Get-ReceiveConnector "EX01\\Relay"
Get-Content c:\\temp\\ips.txt | foreach {$RecvConn.RemoteIPRanges += "$_"}
Set-ReceiveConnector "EX01\\Relay" -RemoteIPRanges $RecvConn.RemoteIPRanges
""",
    "a loop over servers with a comparison": """
$reference = Get-ReceiveConnector -Identity "EX01\\Anonymous Relay"
foreach ($server in @("EX02","EX03"))
{
    $other = Get-ReceiveConnector -Identity "$server\\Anonymous Relay"
    $difference = Compare-Object -ReferenceObject $reference.RemoteIPRanges.Expression -DifferenceObject $other.RemoteIPRanges.Expression
    if ($difference -ne $null)
    {
        foreach ($ip in $difference.InputObject) { $other.RemoteIPRanges += $ip }
        Set-ReceiveConnector -Identity "$server\\Anonymous Relay" -RemoteIPRanges $other.RemoteIPRanges -Verbose
    } else {
        Write-Host "nothing to do for $server" -ForegroundColor Yellow
    }
}
""",
    "an advanced function with help and a calculated property": """
function Get-RelayReport {
    <#
    .SYNOPSIS
    What is open
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory=$true,HelpMessage='Server',ParameterSetName="A")]
            [string] $SourceServer,
        [Parameter()]
        [switch] $All
    )
    Begin {
        if ($All) { Set-ADServerSettings -ViewEntireForest:$True }
    }
    Process {
        Get-ReceiveConnector -Server $SourceServer | Select-Object @(
            'Identity'
            @{
                Name       = 'Ranges'
                Expression = { @($_.RemoteIPRanges) -ne '' -join '|' }
            }
        )
    }
    End { }
}
""",
    "errors handled around an update": """
try { $rc | Set-ReceiveConnector -TlsCertificateName $tls -ErrorAction Stop } catch { Write-Log ("Set '{0}' failed: {1}" -f $rc.Name, $_.Exception.Message) 'WARN' }
$shown = if ($null -ne $current -and $current -ne "") { $current } else { "<null>" }
""",
    "rights, filtered and grouped": """
Get-ReceiveConnector | Get-ADPermission | ? {($_.ExtendedRights -like "*Any-Recipient*") -and ($_.User -like "*ANONYMOUS*") -and -not $_.Deny} | ft Identity,User,@{l='Right';e={$_.ExtendedRights -join ','}} -AutoSize
(Get-ReceiveConnector "EX01\\Relay").RemoteIPRanges | Sort-Object LowerBound | Select LowerBound,UpperBound,Expression
""",
    "splatting and a change of one list": """
$p = @{
    Name            = 'Scanner'
    Usage           = 'Custom'
    Bindings        = '0.0.0.0:25'
    RemoteIPRanges  = '192.168.1.101', '192.168.1.102'
}
New-ReceiveConnector @p
Set-ReceiveConnector "Scanner" -RemoteIPRanges @{Add="10.0.0.9","10.0.0.10"; Remove='192.168.1.101'}
""",
    "a menu": """
$a = 2
IF ($a -eq 1)
	{
		$001EX = Get-ReceiveConnector "EX01\\Server Range"
		$001EX.RemoteIPRanges += $iprange
	}
ElseIf ($a -eq 2) { switch ($x) { "y" { $true } default { $false } } }
""",
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_published_shape_is_read_whole_and_written_back(text, line_end):
    tree = parse_script(text.replace("\n", line_end))
    assert tree.end
    assert parse_script(format_script(tree)) == tree
    assert tree == parse_script(text)
