"""How long a large script takes to read, and how the time grows with its length.

Run from the root of the project: ``python tests/bench/shell_parse.py``
"""

import gc
import time

from relaysim.powershell.parser import parse_script

SAMPLE = r"""
# Copy the ranges of one connector to another.
$source = Get-ReceiveConnector "EX01\Anonymous Relay" | Where-Object { $_.Enabled -eq $true }
foreach ($range in $source.RemoteIPRanges) {
    if ($target.RemoteIPRanges -notcontains $range) { $target.RemoteIPRanges += "$($range)" }
}
New-ReceiveConnector -Name "CRM Application" -Usage Custom -Bindings 0.0.0.0:25,[::]:25 `
    -RemoteIPRanges 192.168.2.55, 192.168.2.56 -MaxMessageSize 25MB -Confirm:$false
Set-ReceiveConnector @parameters -PermissionGroups @{Add="AnonymousUsers"; Remove='Partners'}
Get-ReceiveConnector | Select-Object Name, @{n='Ranges'; e={$_.RemoteIPRanges -join ', '}} | ft
try { Set-ReceiveConnector $id -Fqdn $null -ErrorAction Stop } catch { Write-Host "failed: $_" }
"""


def main():
    for size in (250_000, 500_000, 1_000_000):
        text = (SAMPLE * (size // len(SAMPLE) + 1))[:size]
        text = text[: text.rindex("\n\n") + 1]
        gc.collect()
        start = time.perf_counter()
        parse_script(text)
        seconds = time.perf_counter() - start
        print(
            f"{len(text):>9} characters {seconds:6.2f} s {seconds / len(text) * 1e6:6.2f} s per MB"
        )


if __name__ == "__main__":
    main()
