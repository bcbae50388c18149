Get-JournalRule
New-JournalRule -Name "Journal" -JournalEmailAddress journal@contoso.com -Scope Global -Enabled $true
Get-TransportRule
New-TransportRule "Block Zip" -AttachmentNameMatchesPatterns "\.zip$" -RejectMessageReasonText "no"
Get-TransportRule | ft Name,State
# > Name : Journal
# > Identity : Journal
# > Enabled : True
# > Scope : Global
# > JournalEmailAddress : journal@contoso.com
# > IsValid : True
# > Name : Block Zip
# > Identity : Block Zip
# > State : Enabled
# > Mode : Enforce
# > Priority : 0
# > Comments :
# > AttachmentNameMatchesPatterns : {\.zip$}
# > RejectMessageReasonText : no
# > IsValid : True
# > Name State
# > ---- -----
# > Block Zip Enabled
# note Get-JournalRule: this configuration names no journal rule
# note Get-TransportRule: this configuration names no transport rule
# kept journal rule "Journal": JournalEmailAddress = journal@contoso.com
# kept journal rule "Journal": Scope = Global
# kept journal rule "Journal": Enabled = True
# kept transport rule "Block Zip": AttachmentNameMatchesPatterns = \.zip$
# kept transport rule "Block Zip": RejectMessageReasonText = no
