"""Scripts for the law: published shapes, those of the documentation, and random ones."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, NamedTuple

from relaysim.builtin.fresh import fresh_server
from relaysim.errors import RelaysimError
from relaysim.management_shell import run
from relaysim.model.version import ExchangeVersion, ServerRole, parse_version
from tests.console import ROOT
from tests.shell.snippet_cases import CASES

if TYPE_CHECKING:
    from relaysim.model.organization import Organization

__all__ = ["Job", "documented", "more", "published", "random_scripts"]

SNIPPETS = ROOT / "tests/shell/snippets"


class Job(NamedTuple):
    """A script and the server it runs against.

    Attributes:
        id: Its name.
        text: The script.
        begin: The server.
        fresh: Whether it gets a runspace of its own.
    """

    id: str
    text: str
    begin: Organization
    fresh: bool = True


def published():
    """The published shapes that need no file beside them."""
    for case in CASES:
        if case.files:
            continue
        exchange = parse_version(case.exchange)
        begin = fresh_server(exchange=exchange, role=ServerRole(case.role))
        if case.before:
            role = " -TransportRole FrontendTransport" if exchange.has_front_end else ""
            begin = run(case.before.replace("{role}", role), begin).organization
        yield Job(case.name, (SNIPPETS / f"{case.name}.ps1").read_text("utf-8"), begin)


MORE = {
    "relay": """
        New-ReceiveConnector -Name Relay -Usage Custom -Bindings 0.0.0.0:25 `
            -RemoteIPRanges 10.0.0.0/24 -TransportRole FrontendTransport `
            -PermissionGroups AnonymousUsers
        Get-ReceiveConnector Relay | Add-ADPermission -User 'NT AUTHORITY\\ANONYMOUS LOGON' `
            -ExtendedRights ms-Exch-SMTP-Accept-Any-Recipient
        """,
    "externally secured": """
        New-ReceiveConnector -Name Secured -Usage Custom -Bindings 0.0.0.0:25 `
            -RemoteIPRanges 10.1.0.1 -TransportRole FrontendTransport `
            -AuthMechanism ExternalAuthoritative -PermissionGroups ExchangeServers
        """,
    "refusals": """
        Set-ReceiveConnector 'Default Frontend EX01' -PermissionGroups Custom
        Set-ReceiveConnector nothing -MaxHopCount 3
        Remove-ReceiveConnector 'Outbound Proxy Frontend EX01' -Confirm:$false
        """,
    "ranges": """
        $c = Get-ReceiveConnector 'Client Frontend EX01'
        Set-ReceiveConnector $c.Identity -RemoteIPRanges ($c.RemoteIPRanges + '10.0.0.7')
        Set-ReceiveConnector $c.Identity -RemoteIPRanges @{Remove = '0.0.0.0-255.255.255.255'}
        foreach ($one in Get-ReceiveConnector | Where-Object { $_.Bindings -like '*:2525' }) {
            Set-ReceiveConnector $one.Identity -MaxMessageSize 20MB -Comment "seen $($one.Name)"
        }
        """,
    "entries": """
        Get-ReceiveConnector 'Default Frontend EX01' |
            Get-ADPermission -User 'NT AUTHORITY\\ANONYMOUS LOGON' |
            Where-Object { "$($_.ExtendedRights)" -like '*Authoritative*' } |
            Remove-ADPermission -Confirm:$false
        New-AcceptedDomain -Name Lab -DomainName lab.example -DomainType InternalRelay
        """,
}


def more():
    """Scripts that try what a module could get wrong: pipelines, lists, refusals."""
    begin = fresh_server(exchange=ExchangeVersion.V2016)
    for name, text in MORE.items():
        yield Job(f"more-{name.replace(' ', '-')}", text, begin, fresh=False)


def documented():
    """The PowerShell of the documentation and of the scenarios, as far as the shell here takes it.

    What asks the module's own commands, or needs a server that stands elsewhere, is left out.
    """
    found = []
    for file in sorted((ROOT / "docs").rglob("*.md")):
        blocks = re.findall(r"```powershell\n(.*?)```", file.read_text("utf-8"), re.DOTALL)
        found += [(f"{file.stem}-{n}", text) for n, text in enumerate(blocks)]
    for file in sorted((ROOT / "docs/examples").glob("*.ps1")):
        found.append((file.stem, file.read_text("utf-8")))
    for file in sorted((ROOT / "scenarios").rglob("*.toml")):
        blocks = re.findall(r"(?:run|script) = '''\n(.*?)'''", file.read_text("utf-8"), re.DOTALL)
        found += [(f"{file.stem}-{n}", text) for n, text in enumerate(blocks)]
    begin = fresh_server(exchange=ExchangeVersion.V2016)
    for name, text in found:
        # Services of Windows are not everywhere where a PowerShell is.
        if "RelaySim" in text or "relaysim " in text or "Restart-Service" in text:
            continue
        try:
            run(text, begin)
        except RelaysimError:
            continue
        yield Job(name, text, begin)


PROPERTIES = {
    "Bindings": ["0.0.0.0:25", "0.0.0.0:26", "10.0.0.1:25", "'[::]:25'", "nonsense"],
    "RemoteIPRanges": [
        "10.0.0.5", "10.0.0.0/24", "10.0.0.5,10.0.1.0/28", "10.0.0.9-10.0.0.1",
        "@{Add='10.9.0.1'}", "@{Remove='10.0.0.5','10.0.0.0/24'}", "('10.0.2.1','10.0.2.2')",
    ],
    "PermissionGroups": [
        "None", "AnonymousUsers", "ExchangeServers", "Custom", "'ExchangeServers, AnonymousUsers'",
        "AnonymousUsers,ExchangeUsers", "Nobody",
    ],
    "AuthMechanism": [
        "None", "Tls", "ExternalAuthoritative", "'Tls, ExternalAuthoritative'", "Wrong",
        "BasicAuthRequireTLS", "Tls,Integrated,BasicAuth,BasicAuthRequireTLS",
    ],
    "Fqdn": ["mail.contoso.com", "$null", "EX01"],
    "Banner": ["'220 hi'", "hello"],
    "RequireTLS": ["$true", "$false"],
    "ConnectionTimeout": ["00:20:00", "00:08:00", "junk"],
    "MaxHopCount": ["7", "0", "many"],
    "MaxMessageSize": ["20MB", "'20 MB'", "1KB", "much"],
    "Comment": ["007", "'a; b'", '"x$(1+1)"', "'\u00fcber'"],
    "TransportRole": ["FrontendTransport", "Frontend", "HubTransport"],
}  # fmt: skip
TARGETS = ["'Default Frontend EX01'", "'Client Frontend EX01'", "'Client Proxy EX01'", "Relay", "x"]
USERS = ["'NT AUTHORITY\\ANONYMOUS LOGON'", "S-1-5-7", "app", "'NT AUTHORITY\\Authenticated Users'"]
RIGHTS = [
    "ms-Exch-SMTP-Accept-Any-Recipient", "ms-Exch-SMTP-Submit", "ms-Exch-Nothing",
    "ms-Exch-Bypass-Anti-Spam,ms-Exch-SMTP-Accept-Any-Sender",
]  # fmt: skip


def _arguments(draw, without=()):
    names = [name for name in PROPERTIES if name not in without]
    chosen = draw.sample(names, draw.randint(0, 3))
    return "".join(f" -{name} {draw.choice(PROPERTIES[name])}" for name in chosen)


def _command(draw):
    target, user, right = draw.choice(TARGETS), draw.choice(USERS), draw.choice(RIGHTS)
    quiet = draw.choice(["", "", "", " -WhatIf", " -ErrorAction SilentlyContinue"])
    kinds = [
        f"New-ReceiveConnector -Name Relay -Usage {draw.choice(['Custom', 'Internet', 'Partner'])}"
        f"{_arguments(draw)}{quiet}",
        f"New-ReceiveConnector Relay -Usage Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.0.0.5 "
        f"-TransportRole FrontendTransport -PermissionGroups AnonymousUsers{quiet}",
        f"Set-ReceiveConnector {target}{_arguments(draw)}{quiet}",
        f"Get-ReceiveConnector {target} | Set-ReceiveConnector{_arguments(draw)}{quiet}",
        f"Get-ReceiveConnector {target} | Add-ADPermission -User {user} -ExtendedRights {right}",
        f"Add-ADPermission {target} -User {user} -ExtendedRights {right}{quiet}",
        f"Remove-ADPermission {target} -User {user} -ExtendedRights {right} -Confirm:$false",
        f"Get-ADPermission {target} -User {user} | Remove-ADPermission -Confirm:$false",
        f"Get-ReceiveConnector | Where-Object {{ $_.Bindings -like '*:{draw.choice(['25', '587'])}'"
        f" }} | Set-ReceiveConnector{_arguments(draw)}",
        f"$c = Get-ReceiveConnector {target}; $c.RemoteIPRanges += '10.7.0.1'; "
        f"Set-ReceiveConnector {target} -RemoteIPRanges $c.RemoteIPRanges",
        f"try {{ Set-ReceiveConnector {target}{_arguments(draw)} -ErrorAction Stop }} "
        f"catch {{ Write-Warning 'caught' }}",
        f"Remove-ReceiveConnector {target} -Confirm:$false{quiet}",
        f"New-AcceptedDomain -Name lab -DomainName lab.example -DomainType "
        f"{draw.choice(['Authoritative', 'InternalRelay', 'Nothing'])}",
        f"foreach ($one in Get-ReceiveConnector) {{ if ($one.Enabled -and "
        f"$one.PermissionGroups -match '{draw.choice(['Anonymous', 'Users'])}') "
        f"{{ Set-ReceiveConnector $one.Identity{_arguments(draw)} }} }}",
    ]
    return draw.choice(kinds)


def random_scripts(count, *, seed=22):
    """So many scripts of a few commands that may well be refused; the same for a seed."""
    draw = random.Random(seed)  # noqa: S311  # cases, no secrets
    for number in range(count):
        exchange = draw.choice([ExchangeVersion.V2010, ExchangeVersion.V2016, ExchangeVersion.SE])
        text = "".join(_command(draw) + "\n" for _ in range(draw.randint(2, 6)))
        yield Job(
            f"random-{number}", text, fresh_server(exchange=exchange), fresh=number % 100 == 0
        )
