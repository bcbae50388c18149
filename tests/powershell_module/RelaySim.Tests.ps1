# The module's own tests, run by a real Pester.
BeforeAll {
    Import-Module RelaySim
    function Get-Text { process { "$_" } }
}
AfterAll { Remove-Module RelaySim }

Describe 'a connection' {
    BeforeAll { Connect-RelaySim -Exchange 2016 }
    It 'makes Exchange''s commands and takes them away again' {
        (Get-Command Get-ReceiveConnector).CommandType | Should -Be 'Function'
        Disconnect-RelaySim
        Get-Command Get-ReceiveConnector -ErrorAction Ignore | Should -BeNullOrEmpty
        { Test-RelaySim -IP 10.0.0.1 } | Should -Throw '*not connected*'
        Connect-RelaySim -Exchange 2016
    }
    It 'goes back to the beginning' {
        Remove-ReceiveConnector 'Default EX01' -Confirm:$false
        @(Compare-RelaySim -SettingsOnly).Count | Should -BeGreaterThan 0
        Restore-RelaySim
        Compare-RelaySim | Should -BeNullOrEmpty
    }
}

Describe 'objects' {
    BeforeAll { Connect-RelaySim -Exchange 2016; $c = Get-ReceiveConnector 'Default Frontend EX01' }
    It 'convert what is assigned' {
        $c.RemoteIPRanges = '10.0.0.0/24'
        $c.RemoteIPRanges[0].UpperBound | Get-Text | Should -Be '10.0.0.255'
        $c.RemoteIPRanges.Add('10.0.1.1')
        $c.RemoteIPRanges.Count | Should -Be 2
        $c.MaxMessageSize = '20MB'
        $c.MaxMessageSize.ToKB() | Should -Be 20480
        { $c.RemoteIPRanges = 'nonsense' } | Should -Throw
    }
    It 'are of the type that a script names' {
        $c -is [Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector] | Should -BeTrue
    }
    It 'save what was assigned with -Instance' {
        $one = Get-ReceiveConnector 'Client Proxy EX01'
        $one.MaxHopCount = 9
        Set-ReceiveConnector -Instance $one
        (Get-ReceiveConnector 'Client Proxy EX01').MaxHopCount | Should -Be 9
    }
    It 'are alive after Export-Clixml and Import-Clixml' {
        $file = Join-Path $TestDrive 'c.xml'
        Get-ReceiveConnector | Export-Clixml $file
        $again = @(Import-Clixml $file)[0]
        $again -is [Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector] | Should -BeTrue
        $again.MaxMessageSize.ToMB() | Should -BeGreaterThan 0
        $again.RemoteIPRanges[0].LowerBound | Should -Not -BeNullOrEmpty
        [bool] ($again.PermissionGroups -band 'ExchangeUsers') | Should -BeOfType [bool]
        { $again | Set-ReceiveConnector -MaxMessageSize $again.MaxMessageSize -RemoteIPRanges $again.RemoteIPRanges } | Should -Not -Throw
    }
    It 'keep the text of a number' {
        Set-ReceiveConnector 'Client Proxy EX01' -Comment 007
        (Get-ReceiveConnector 'Client Proxy EX01').Comment | Should -BeExactly '007'
    }
}

Describe 'errors' {
    BeforeAll { Connect-RelaySim -Exchange 2016 }
    It 'carry the rule and do not end the script' {
        Set-ReceiveConnector 'Client Proxy EX01' -PermissionGroups Custom -ErrorAction SilentlyContinue -ErrorVariable found
        Set-ReceiveConnector nothing -MaxHopCount 7 -ErrorAction SilentlyContinue -ErrorVariable +found
        $found[-1].FullyQualifiedErrorId | Should -Be 'ObjectNotFound,Set-ReceiveConnector'
    }
    It 'show under -WhatIf as well' {
        New-ReceiveConnector x -Usage Custom -WhatIf -ErrorAction SilentlyContinue -ErrorVariable found
        $found[0].FullyQualifiedErrorId | Should -Be 'V-6,New-ReceiveConnector'
    }
    It 'of a backend that has ended are one sentence' {
        $other = & (Get-Module RelaySim) { [RsPipe]::Here().Process }
        $other.Kill(); $other.WaitForExit()
        { Get-ReceiveConnector } | Should -Throw '*backend of relaysim has ended*'
        Connect-RelaySim -Exchange 2016
        @(Get-ReceiveConnector).Count | Should -Be 5
    }
}

Describe 'several servers' {
    It 'are asked by name' {
        $file = Join-Path $TestDrive 'two.toml'
        $text = 'format = 1', '[organization]', 'domain = "contoso"'
        foreach ($name in 'MBX1', 'MBX2') { $text += '[[server]]', "name = `"$name`"", 'exchange = "2016"' }
        [System.IO.File]::WriteAllLines($file, $text)
        Connect-RelaySim $file
        $null = New-ReceiveConnector Relay -Server MBX2 -Usage Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.0.0.5 -PermissionGroups AnonymousUsers
        (Get-ReceiveConnector -Server MBX2).Name | Should -Contain 'Relay'
        (Get-ReceiveConnector -Server MBX1).Name | Should -Not -Contain 'Relay'
        (Get-ExchangeServer).Name | Should -Be 'MBX1', 'MBX2'
    }
}
