"""A real PowerShell, where there is one: what it makes of what relaysim writes.

It is looked for in ``RELAYSIM_PWSH`` and on the path; the tests that need it are skipped by name
where there is none.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from relaysim.model.properties.catalogue import PROPERTIES
from relaysim.model.properties.transport import TRANSPORT_SETTINGS

__all__ = ["PAGES", "PWSH", "needs_powershell", "run_logged"]

PWSH = os.environ.get("RELAYSIM_PWSH") or shutil.which("pwsh") or ""
needs_powershell = pytest.mark.skipif(
    not PWSH, reason="needs a real PowerShell: `pwsh` on the path, or RELAYSIM_PWSH"
)
PAGES = "65001 1252 1251 874 932 936 949"
"""The code pages a script is read in: UTF-8 and those of Windows."""

_LOGGER = Path(__file__).parent.parent / "data" / "powershell" / "log-calls.ps1"
_CONNECTOR = [one.name for one in PROPERTIES]
_COMMANDS = {
    "New-ReceiveConnector": [*_CONNECTOR, "Usage"],
    "Set-ReceiveConnector": [*_CONNECTOR, "Identity"],
    "Remove-ReceiveConnector": ["Identity"],
    "Add-ADPermission": ["Identity", "User", "ExtendedRights", "AccessRights", "[switch]Deny"],
    "Remove-ADPermission": ["Identity", "User", "ExtendedRights", "AccessRights", "[switch]Deny"],
    "New-AcceptedDomain": ["Name", "DomainName", "DomainType"],
    "Set-AcceptedDomain": ["Identity", "Name", "DomainType", "MatchSubDomains", "MakeDefault"],
    "Remove-AcceptedDomain": ["Identity"],
    "Set-TransportConfig": [one.name for one in TRANSPORT_SETTINGS],
    "relaysim": ["[Parameter(ValueFromRemainingArguments)]Words"],
}


def _stub(name, parameters):
    def declared(one):
        kind, bracket, rest = one.rpartition("]")
        return f"{kind}{bracket}${rest}"

    declarations = ", ".join(map(declared, parameters))
    return (
        f"function {name} {{ [CmdletBinding(SupportsShouldProcess)] param({declarations}) "
        f"Add-Call '{name}' $PSBoundParameters }}\n"
    )


def run_logged(scripts, folder, *, pages=PAGES, seconds=300):
    """Return what a real PowerShell called when it ran scripts, in every reading that differs.

    Args:
        scripts: The scripts as bytes, by name.
        folder: An empty folder to work in.
        pages: Numbers of the code pages to read them in.
        seconds: The limit for all of them.

    Returns:
        Records with ``file``, ``page``, ``failed`` (ids of errors) and ``calls``: each a command
        with the values of its parameters.
    """
    for name, data in scripts.items():
        (folder / f"{name}.txt").write_bytes(data)
    stubs = "".join(_stub(name, parameters) for name, parameters in _COMMANDS.items())
    (folder / "stubs.ps1").write_text(stubs, "utf-8")
    output = folder / "calls.jsonl"
    subprocess.run(
        [
            PWSH,
            "-NoProfile",
            "-NonInteractive",
            "-File",
            str(_LOGGER),
            str(folder),
            str(output),
            pages,
        ],
        check=True,
        timeout=seconds,
        stdin=subprocess.DEVNULL,
    )
    return [_decoded(json.loads(line)) for line in output.read_text("utf-8").splitlines()]


def _decoded(record):
    for call in record["calls"]:
        call["parameters"] = {k: _value(v) for k, v in call["parameters"].items()}
    return record


def _value(value):
    if isinstance(value, str):
        units = b"".join(int(unit, 16).to_bytes(2, "big") for unit in value.split())
        return units.decode("utf-16-be", "surrogatepass")
    return [_value(one) for one in value] if isinstance(value, list) else value
