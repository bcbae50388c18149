# answer 1
# answer 10.9.9.9
# answer 2
# answer x
# answer 3
Add-PSSnapin Microsoft.Exchange.Management.PowerShell.E2010 -ErrorAction SilentlyContinue
function Show-Menu {
    Clear-Host
    Write-Host "================ $Title ================"
    Write-Host "1: Add an address"
    Write-Host "2: Show"
    Write-Host "3: Quit"
}
$Title = 'Relay'
do {
    Show-Menu
    $input = Read-Host "Please make a selection"
    switch ($input) {
        '1' {
            $ip = Read-Host "Address"
            if ($ip -match "^\d{1,3}(\.\d{1,3}){3}$") {
                $rc = Get-ReceiveConnector "EX01\Client Frontend EX01"
                $rc.RemoteIPRanges += $ip
                Set-ReceiveConnector "EX01\Client Frontend EX01" -RemoteIPRanges $rc.RemoteIPRanges
            } else { Write-Warning "no address" }
        }
        '2' {
            (Get-ReceiveConnector "EX01\Client Frontend EX01").RemoteIPRanges | ForEach-Object { "$_" } | Sort-Object
            Write-Host -NoNewLine 'Press any key to continue...';
            $null = $Host.UI.RawUI.ReadKey('NoEcho,IncludeKeyDown');
        }
        '3' { return }
    }
} until ($input -eq '3')
# > ================ Relay ================
# > 1: Add an address
# > 2: Show
# > 3: Quit
# > ================ Relay ================
# > 1: Add an address
# > 2: Show
# > 3: Quit
# > ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
# > 0.0.0.0-255.255.255.255
# > 10.9.9.9
# > Press any key to continue...================ Relay ================
# > 1: Add an address
# > 2: Show
# > 3: Quit
# note Add-PSSnapin: `Microsoft.Exchange.Management.PowerShell.E2010` adds nothing, the commands that are understood are always here
