Get-Mailbox -ResultSize Unlimited | Select Name
Get-Recipient relay@contoso.com
Get-User administrator
Get-DistributionGroup
New-Mailbox -Name Journal -UserPrincipalName j@contoso.com -Password (ConvertTo-SecureString "x" -AsPlainText -Force)
Set-Mailbox journal -MaxSendSize 25MB
New-RemoteDomain -Name X -DomainName x.example
Get-RemoteDomain
Get-EmailAddressPolicy
Get-Queue
Get-MessageTrackingLog -Sender a@contoso.com
# > Name
# > ----
# > Journal
# > Name : X
# > Identity : X
# > DomainName : x.example
# > AllowedOOFType : External
# > AutoReplyEnabled : False
# > AutoForwardEnabled : False
# > DeliveryReportEnabled : True
# > NDREnabled : True
# > IsValid : True
# > Name : Default
# > Identity : Default
# > DomainName : *
# > AllowedOOFType : External
# > AutoReplyEnabled : False
# > AutoForwardEnabled : False
# > DeliveryReportEnabled : True
# > NDREnabled : True
# > IsValid : True
# > Name : X
# > Identity : X
# > DomainName : x.example
# > AllowedOOFType : External
# > AutoReplyEnabled : False
# > AutoForwardEnabled : False
# > DeliveryReportEnabled : True
# > NDREnabled : True
# > IsValid : True
# > Name : Default Policy
# > Identity : Default Policy
# > Priority : Lowest
# > RecipientFilter : Alias -ne $null
# > IsValid : True
# note Get-Mailbox: nothing is known here of a mailbox that this script has not made
# note Get-Recipient: nothing is known here of a recipient that this script has not made
# note Get-User: nothing is known here of a user that this script has not made
# note Get-DistributionGroup: nothing is known here of a distribution group that this script has not made
# note Get-Queue, Get-MessageTrackingLog show nothing: what they are about is no part of the model
# error ManagementObjectNotFoundException
# error ManagementObjectNotFoundException
# kept mailbox "Journal": UserPrincipalName = j@contoso.com
# kept mailbox "Journal": Password = a password
# kept mailbox "journal": MaxSendSize = 25 MB (26,214,400 bytes)
# kept remote domain "X": DomainName = x.example
