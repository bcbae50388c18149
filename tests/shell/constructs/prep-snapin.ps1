if (!(Get-PSSnapin | where {$_.Name -eq "Microsoft.Exchange.Management.PowerShell.E2010"})) {
  Add-PSSnapin Microsoft.Exchange.Management.PowerShell.E2010
}
if ((Get-PSSnapin -Name Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction SilentlyContinue) -eq $null) { Add-PSSnapin Microsoft.Exchange.Management.PowerShell.Admin }
Add-PSSnapin *Exchange* -ErrorAction SilentlyContinue
Get-PSSnapin -Registered
"ok"
# > Name : Microsoft.Exchange.Management.PowerShell.E2010
# > PSVersion : 2.0
# > Description :
# > Name : Microsoft.Exchange.Management.PowerShell.SnapIn
# > PSVersion : 2.0
# > Description :
# > ok
# note Add-PSSnapin: `Microsoft.Exchange.Management.PowerShell.E2010` adds nothing, the commands that are understood are always here
# note Add-PSSnapin: `Microsoft.Exchange.Management.PowerShell.Admin` adds nothing, the commands that are understood are always here
# note Add-PSSnapin: `*Exchange*` adds nothing, the commands that are understood are always here
