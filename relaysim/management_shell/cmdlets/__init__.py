"""The commands of the Exchange Management Shell, and those of the system that scripts for it use.

A script uses few of them: what each module has is written down here, and a module is imported when
one of its commands is asked for.
"""

from __future__ import annotations

from relaysim.powershell.interpreter.contract import shelf

__all__ = ["EXCHANGE_SHELVES", "SYSTEM_SHELVES"]

_EXCHANGE = (
    ("connector_cmdlets", "CONNECTOR_CMDLETS",
     "New-ReceiveConnector | Set-ReceiveConnector | Remove-ReceiveConnector"),
    ("showing", "SHOWING_CMDLETS", "Get-ReceiveConnector"),
    ("permission_cmdlets", "PERMISSION_CMDLETS",
     "Add-ADPermission | Remove-ADPermission | Get-ADPermission"),
    ("domain_cmdlets", "DOMAIN_CMDLETS",
     "New-AcceptedDomain | Set-AcceptedDomain | Get-AcceptedDomain | Remove-AcceptedDomain"),
    ("server_cmdlets", "SERVER_CMDLETS",
     ("Get-TransportConfig | Set-TransportConfig | Set-ADServerSettings | Get-ExchangeServer | "
      "Get-TransportServer | Get-TransportService | Get-FrontendTransportService | "
      "Get-MailboxServer | Get-ClientAccessServer | Get-ClientAccessService")),
)  # fmt: skip
_SYSTEM = (
    ("preparation.recognised", "PREPARATION_CMDLETS",
     ("Add-PSSnapin asnp | Get-PSSnapin gsnp | Remove-PSSnapin | Import-Module ipmo | "
      "Get-Module gmo | RemoteExchange.ps1 Exchange.ps1 | Install-AntispamAgents.ps1 | "
      "Uninstall-AntispamAgents.ps1 | StartDagServerMaintenance.ps1 | "
      "StopDagServerMaintenance.ps1 | RedistributeActiveDatabases.ps1 | "
      "Connect-ExchangeServer | Remove-Module | "
      "Set-ExecutionPolicy | Get-ExecutionPolicy | Export-ModuleMember | Unblock-File | "
      "Write-EventLog | New-EventLog | Invoke-Item ii | notepad notepad.exe | "
      "explorer explorer.exe | iisreset iisreset.exe | New-PSSessionOption | Get-ClusterNode | "
      "Resume-ClusterNode | Suspend-ClusterNode | Get-Help help man | Update-Help")),
    ("preparation.stubs", "STUB_CMDLETS",
     ("Add-Type | Out-GridView ogv | Out-Printer lp | Set-Clipboard scb | clip clip.exe | "
      "Get-History history h ghy | Compress-Archive | New-NetFirewallRule | "
      "Get-NetFirewallRule | Set-NetFirewallRule | Enable-NetFirewallRule | "
      "Disable-NetFirewallRule | Remove-NetFirewallRule")),
    ("preparation.sessions", "SESSION_CMDLETS",
     "New-PSSession nsn | Get-PSSession gsn | Remove-PSSession rsn | Import-PSSession ipsn"),
    ("preparation.elsewhere", "ELSEWHERE_CMDLETS", "Invoke-Command icm"),
    ("neighbours.services", "SERVICE_CMDLETS",
     ("Get-Service gsv | Restart-Service | Stop-Service | Start-Service | Set-Service | "
      "net net.exe")),
)  # fmt: skip


EXCHANGE_SHELVES = tuple(
    shelf(names, f"{__name__}.{module}", attribute) for module, attribute, names in _EXCHANGE
)
"""Every command of the Exchange Management Shell that is known here."""

SYSTEM_SHELVES = tuple(
    shelf(names, f"{__name__}.{module}", attribute) for module, attribute, names in _SYSTEM
)
"""The commands of the system that prepare a script, or that it uses beside those of Exchange."""
