# answer CONTOSO\relay
# answer secret
$cred = Get-Credential
$cred.UserName
$cred.GetNetworkCredential().Password.Length
New-SendConnector -Name Smart -AddressSpaces * -SmartHosts smtp.example.net -SmartHostAuthMechanism BasicAuthRequireTLS -AuthenticationCredential $cred -DNSRoutingEnabled $false
# > CONTOSO\relay
# > 6
# > Identity AddressSpaces Enabled
# > -------- ------------- -------
# > Smart {SMTP:*;1} True
# kept send connector "Smart": AddressSpaces = ["SMTP:*;1"]
# kept send connector "Smart": SmartHosts = smtp.example.net
# kept send connector "Smart": SmartHostAuthMechanism = BasicAuthRequireTLS
# kept send connector "Smart": AuthenticationCredential = CONTOSO\relay with a password
# kept send connector "Smart": DNSRoutingEnabled = False
