$source = Get-ReceiveConnector -Server EX01 -DomainController dc01.contoso.com | Where-Object{$_.Name -eq 'Scanner Relay'} -ErrorAction SilentlyContinue
if (($source -ne $null)) {
    Write-Host ('Working on [{0}] and receive connector [{1}]' -f 'ex01'.ToUpper(), $source.Name)
    $groups = @($source.PermissionGroups) -split ', ' | Select-String -Pattern 'Custom' -NotMatch
    $cleaned = (('{0}' -f $groups)).Replace(' ', ', ').Replace(' ','')
    New-ReceiveConnector -Name 'Scanner Relay Copy' `
    -TransportRole $source.TransportRole `
    -RemoteIPRanges $source.RemoteIPRanges `
    -Bindings '0.0.0.0:2526' `
    -Banner $source.Banner `
    -ChunkingEnabled $source.ChunkingEnabled `
    -DefaultDomain $source.DefaultDomain `
    -EightBitMimeEnabled $source.EightBitMimeEnabled `
    -Enabled $source.Enabled `
    -ConnectionTimeout $source.ConnectionTimeout `
    -MessageRateLimit $source.MessageRateLimit `
    -MaxHeaderSize $source.MaxHeaderSize `
    -MaxMessageSize $source.MaxMessageSize `
    -MaxRecipientsPerMessage $source.MaxRecipientsPerMessage `
    -PermissionGroups $cleaned `
    -PipeliningEnabled $source.PipeLiningEnabled `
    -RequireTLS $source.RequireTLS `
    -SizeEnabled $source.SizeEnabled `
    -Server EX01 `
    -AuthMechanism $source.AuthMechanism `
    -Fqdn $source.Fqdn
}
