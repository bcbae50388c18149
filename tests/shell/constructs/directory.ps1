# The domain's names are known, its accounts are not.
Import-Module ActiveDirectory
$dc = (Get-ADDomainController -Discover).HostName
Get-ReceiveConnector "EX01\Client Frontend EX01" -DomainController $dc | Select-Object -ExpandProperty Name
"$((Get-ADDomain).NetBIOSName) $((Get-ADForest).RootDomain)"
if (-not (Get-ADUser -Filter "SamAccountName -eq 'svc'" -ErrorAction SilentlyContinue)) {
    New-ADUser -Name svc -SamAccountName svc -Enabled $true -AccountPassword (ConvertTo-SecureString x -AsPlainText -Force)
}
$secret = Read-Host 'password' -AsSecureString
$pointer = [System.Runtime.InteropServices.Marshal]::SecureStringToBSTR($secret)
[Runtime.InteropServices.Marshal]::PtrToStringAuto($pointer)
[Net.Dns]::GetHostEntry($env:COMPUTERNAME).HostName
(Get-WmiObject Win32_ComputerSystem).Domain
(Get-CimInstance -ClassName Win32_OperatingSystem).CSName
(Get-ItemProperty HKLM:\SOFTWARE\Microsoft\ExchangeServer\v15\Setup).MsiInstallPath
iisreset /noforce
# answer hush
# note Import-Module: `ActiveDirectory` brings nothing
# note Get-ADDomainController: no domain controller is known here, `DC.contoso.com` stands for one
# note Get-ADUser shows nothing: accounts are no part of the model
# note New-ADUser does nothing here
# note the addresses of `EX01.contoso.com` are not known here, only its names
# note Get-WmiObject: of `Win32_ComputerSystem` only the server's names are known here
# note Get-CimInstance: of `Win32_OperatingSystem` only the server's names are known here
# note iisreset restarts nothing here
# > Client Frontend EX01
# > CONTOSO contoso.com
# > hush
# > EX01.contoso.com
# > contoso.com
# > EX01
# > C:\Program Files\Microsoft\Exchange Server\V15\
