$id = New-Object System.Security.Principal.SecurityIdentifier([System.Security.Principal.WellKnownSidType]::AnonymousSid, $null)
$id.Translate([System.Security.Principal.NTAccount]).Value
[Security.Principal.WindowsIdentity]::GetCurrent().Name
$p = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
if (-not $p.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { "no admin" } else { "admin" }
# > NT AUTHORITY\ANONYMOUS LOGON
# > CONTOSO\Administrator
# > admin
