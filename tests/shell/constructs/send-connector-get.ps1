Get-SendConnector | Format-Table Name,AddressSpaces,SmartHosts -AutoSize
# note Get-SendConnector: this configuration names no send connector
