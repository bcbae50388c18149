"""What a script sees of the server it runs on: names, the version of PowerShell, accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.model.principals import WELL_KNOWN
from relaysim.model.version import ExchangeVersion
from relaysim.powershell.hosting.accounts import Translations, account_types
from relaysim.powershell.hosting.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.model.organization import Organization
    from relaysim.powershell.values.value import Value

__all__ = ["accounts", "environment_of", "exchange_number", "hosts_of", "surroundings_of"]

_POWERSHELL = {
    ExchangeVersion.V2007: "2.0",
    ExchangeVersion.V2010: "2.0",
    ExchangeVersion.V2013: "4.0",
}
_NUMBERS = {"2007": (8, 3), "2010": (14, 3), "2013": (15, 0), "2016": (15, 1), "2019": (15, 2),
            "SE": (15, 2)}  # fmt: skip
_OTHER_ACCOUNTS = {
    "S-1-5-32-544": "BUILTIN\\Administrators",
    "S-1-5-32-545": "BUILTIN\\Users",
    "S-1-5-10": "NT AUTHORITY\\SELF",
    "S-1-5-19": "NT AUTHORITY\\LOCAL SERVICE",
    "S-1-5-20": "NT AUTHORITY\\NETWORK SERVICE",
}
"""Accounts of Windows that are the same everywhere and mean nothing to a session."""


def exchange_number(exchange: ExchangeVersion) -> tuple[int, int]:
    """Return the major and minor number of a version, as ``AdminDisplayVersion`` has them.

    Exchange 2007 and 2010 are taken for their last service pack.
    """
    return _NUMBERS[exchange.value]


def environment_of(organization: Organization) -> dict[str, str]:
    """Return the environment variables of the server."""
    major, _ = exchange_number(organization.exchange)
    folder = "C:\\Program Files\\Microsoft\\Exchange Server\\"
    folder += "" if major == 8 else f"V{major}\\"
    profile = "C:\\Users\\Administrator"
    return {
        "COMPUTERNAME": organization.server,
        "USERDOMAIN": organization.domain,
        "USERDNSDOMAIN": organization.full_name.partition(".")[2].upper(),
        "USERNAME": "Administrator",
        "USERPROFILE": profile,
        "TEMP": f"{profile}\\AppData\\Local\\Temp",
        "TMP": f"{profile}\\AppData\\Local\\Temp",
        "APPDATA": f"{profile}\\AppData\\Roaming",
        "LOCALAPPDATA": f"{profile}\\AppData\\Local",
        "PUBLIC": "C:\\Users\\Public",
        "ProgramData": "C:\\ProgramData",
        "ALLUSERSPROFILE": "C:\\ProgramData",
        "HOMEDRIVE": "C:",
        "HOMEPATH": "\\Users\\Administrator",
        "OS": "Windows_NT",
        "SystemRoot": "C:\\Windows",
        "windir": "C:\\Windows",
        "SystemDrive": "C:",
        "ProgramFiles": "C:\\Program Files",
        "ProgramFiles(x86)": "C:\\Program Files (x86)",
        "ExchangeInstallPath": folder,
    }


def surroundings_of(organization: Organization) -> Surroundings:
    """Return what the server is for a script that runs on it."""
    major, minor = exchange_number(organization.exchange)
    return Surroundings(
        computer=organization.server,
        domain=organization.domain,
        version=_POWERSHELL.get(organization.exchange, "5.1.14393.0"),
        remote=organization.exchange is not ExchangeVersion.V2007,
        programs=(("exsetup", f"{major}.{minor}.0.0"),),
        namespaces=("microsoft.exchange.",),
        exceptions=(("ObjectNotFound", _NOT_FOUND), (_NOT_FOUND.rpartition(".")[2], _NOT_FOUND)),
        keys=tuple((key, number == major) for number, key in _SETUP_KEYS),
    )


_NOT_FOUND = "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException"
_SETUP_KEYS = (
    (8, "hklm:\\software\\microsoft\\exchange\\setup"),
    (8, "hklm:\\software\\microsoft\\exchange\\v8.0"),
    (14, "hklm:\\software\\microsoft\\exchangeserver\\v14"),
    (14, "hklm:\\software\\microsoft\\exchangeserver\\v14\\setup"),
    (15, "hklm:\\software\\microsoft\\exchangeserver\\v15"),
    (15, "hklm:\\software\\microsoft\\exchangeserver\\v15\\setup"),
)
"""Where setup of each major version leaves its traces."""


def hosts_of(organization: Organization) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the full names of the servers with their addresses, as far as they are known."""
    return tuple(
        (view.full_name, tuple(str(one) for one in view.only.addresses))
        for view in organization.one_by_one()
    )


def accounts() -> dict[str, Callable[[Value], Value]]:
    """Return the types of SIDs and account names, which translate the well-known principals."""
    names = {one.sid: one.name for one in WELL_KNOWN if one.sid is not None}
    return account_types(Translations({**_OTHER_ACCOUNTS, **names}))
