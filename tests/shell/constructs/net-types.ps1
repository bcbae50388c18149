$a = 1,2,3; [array]::Reverse($a); "$a"
[regex]::Matches("a1b22","\d+") | % { $_.Value }
[System.Net.IPAddress]::Parse("10.0.0.1").GetAddressBytes() -join "."
$sid = New-Object System.Security.Principal.SecurityIdentifier("S-1-5-7")
$sid.Translate([System.Security.Principal.NTAccount]).Value
$acc = New-Object System.Security.Principal.NTAccount("NT AUTHORITY","ANONYMOUS LOGON")
$acc.Translate([System.Security.Principal.SecurityIdentifier]).Value
([System.Security.Principal.SecurityIdentifier]"S-1-5-11").Translate([System.Security.Principal.NTAccount]).ToString()
$l = New-Object System.Collections.Generic.List[string]; $l.Add("x"); $l.Count
$h = New-Object System.Collections.Hashtable; $h["a"]=1; $h.Count
$al = New-Object System.Collections.ArrayList; [void]$al.Add(1); $al.Count
$d = New-Object 'System.Collections.Generic.Dictionary[string,int]'; $d.Add("a",1); $d["a"]
[Microsoft.Exchange.Data.Directory.SystemConfiguration.PermissionGroups]::AnonymousUsers
[System.Net.Dns]::GetHostName()
[System.Environment]::MachineName
[Environment]::UserName
[System.DirectoryServices.ActiveDirectory.Domain]::GetCurrentDomain().Name
[int][Microsoft.Exchange.Data.Directory.SystemConfiguration.PermissionGroups]::AnonymousUsers
# > 3 2 1
# > 1
# > 22
# > 10.0.0.1
# > NT AUTHORITY\ANONYMOUS LOGON
# > S-1-5-7
# > NT AUTHORITY\Authenticated Users
# > 1
# > 1
# > 1
# > 1
# > AnonymousUsers
# > EX01
# > EX01
# > Administrator
# > contoso.com
# > 1
