# Stands in for the module of this name while the simulated server is connected: nothing is reached.
Write-Warning 'ExchangeOnlineManagement does nothing here: the simulated server is connected'
