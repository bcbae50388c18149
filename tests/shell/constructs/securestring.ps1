# answer pw
$p = Read-Host "Password" -AsSecureString
$p.GetType().Name
$c = New-Object System.Management.Automation.PSCredential("u", $p)
$c.UserName
# > SecureString
# > u
