Get-OrganizationConfig | fl Name
Set-OrganizationConfig -MapiHttpEnabled $true
# > Name : First Organization
# kept organization: MapiHttpEnabled = True
