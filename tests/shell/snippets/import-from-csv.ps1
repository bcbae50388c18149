[CmdletBinding()]
Param(
    [string]$Server = 'EX01',
    [string]$InputFile = 'connectors.csv'
)
Try {
    $rows = Import-CSV $InputFile -ErrorAction Stop
}
Catch {
    Write-Host "Error trying to open file $InputFile"
    Exit
}
Foreach ($row in $rows) {
    Write-Host "Creating connector $($row.Name) on server $Server" -BackgroundColor Yellow -ForegroundColor Blue
    $properties = @{}
    If (-not [String]::IsNullOrEmpty($row.Name)) { $properties.Add("Name", $row.Name) }
    If (-not [String]::IsNullOrEmpty($row.TransportRole)) { $properties.Add("TransportRole", $row.TransportRole) }
    If (-not [String]::IsNullOrEmpty($($row.Enabled))) { $properties.Add("Enabled", [System.Convert]::ToBoolean($($row.Enabled))) }
    If (-not [String]::IsNullOrEmpty($($row.MaxMessageSize) + "MB")) { $properties.Add("MaxMessageSize", $($row.MaxMessageSize) + "MB") }
    If (-not [string]::IsNullOrEmpty($($row.Bindings))) { $properties.Add("Bindings", $($row.Bindings -split ";")) }
    If (-not [string]::IsNullOrEmpty($($row.RemoteIPRanges))) { $properties.Add("RemoteIPRanges", $($row.RemoteIPRanges -split ";")) }
    If ($($row.PermissionGroups) -match 'Custom') {
        Write-Host "Warning: $($row.Name) has extended rights of its own" -ForegroundColor Yellow
    } Else {
        If (-not [string]::IsNullOrEmpty($($row.PermissionGroups))) { $properties.Add("PermissionGroups", $($row.PermissionGroups)) }
    }
    Try {
        New-ReceiveConnector -Server $Server @properties -ErrorAction Stop
    } Catch {
        Write-Host "NOT created: $($row.Name)" -ForegroundColor red
        $message = $_.Exception.Message
        Write-Host "$message" -ForegroundColor DarkMagenta
    }
}
Write-Host "Finished." -ForegroundColor Green
