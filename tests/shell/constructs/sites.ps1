Get-ADSite | Format-List Name,HubSiteEnabled
Set-ADSite "Default-First-Site-Name" -HubSiteEnabled $true
Get-AdSiteLink
Set-AdSiteLink "DEFAULTIPSITELINK" -ExchangeCost 25
# > Name : Default-First-Site-Name
# > HubSiteEnabled : False
# > Name Cost ExchangeCost
# > ---- ---- ------------
# > DEFAULTIPSITELINK 100
# kept AD site "Default-First-Site-Name": HubSiteEnabled = True
# kept AD site link "DEFAULTIPSITELINK": ExchangeCost = 25
