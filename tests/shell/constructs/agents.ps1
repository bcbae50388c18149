Get-TransportAgent
Enable-TransportAgent "Connection Filtering Agent"
Disable-TransportAgent "Content Filter Agent"
Install-TransportAgent -Name X -TransportAgentFactory a -AssemblyPath b
Set-SenderFilterConfig -Enabled $true
Set-RecipientFilterConfig -Enabled $true -RecipientValidationEnabled $true
Set-ContentFilterConfig -Enabled $false
Set-SenderIdConfig -SpoofedDomainAction Reject
Add-IPAllowListEntry -IPAddress 10.0.0.5
Get-IPAllowListEntry
# > Identity Enabled Priority
# > -------- ------- --------
# > Transport Rule Agent True 1
# > Text Messaging Routing Agent True 2
# > Text Messaging Delivery Agent True 3
# > X False
# > Name : 10.0.0.5
# > Identity : 10.0.0.5
# > IPAddress : 10.0.0.5
# > IsValid : True
# > Name : 10.0.0.5
# > Identity : 10.0.0.5
# > IPAddress : 10.0.0.5
# > IsValid : True
# note Enable-TransportAgent: no transport agent `Connection Filtering Agent` is known here; it is taken for there
# note Disable-TransportAgent: no transport agent `Content Filter Agent` is known here; it is taken for there
# kept transport agent "Connection Filtering Agent": Enabled = True
# kept transport agent "Content Filter Agent": Enabled = False
# kept transport agent "X": TransportAgentFactory = a
# kept transport agent "X": AssemblyPath = b
# kept sender filter: Enabled = True
# kept recipient filter: Enabled = True
# kept recipient filter: RecipientValidationEnabled = True
# kept content filter: Enabled = False
# kept Sender ID: SpoofedDomainAction = Reject
# kept IP allow list entry "10.0.0.5": IPAddress = 10.0.0.5
