"""What a configuration of 1,000 connectors costs the first time and afterwards, as processes.

Run it as ``python -m tests.bench.cache [CONNECTORS [ROUNDS]]``. Each question is asked about the
built-in configuration, about a file that an earlier run kept, and about a file that nobody has
read yet, in turns; beside them `tomllib` reads the same server file and ``iterparse`` the same
export, each in a process of its own. Processor time of whole processes, the best of all rounds.

The files are a server file and a CLIXML export of connectors with the properties of a listing, two
entries each, and the server's version, told or not.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from relaysim.model.groups import PermissionGroup, preset
from relaysim.model.version import ServerRole
from tests.bench.imports import OTHERS
from tests.bench.questions import machine
from tests.importers import writers

KEPT_BAR, FIRST_BAR = 2.0, 4.0
QUESTIONS = {
    "check": ("check", "--ip", "10.0.7.1"),
    "explain": ("explain", "--ip", "10.0.7.1"),
    "who-can": ("who-can", "relay"),
}
FLOORS = {
    True: "import sys, tomllib\nwith open(sys.argv[1], 'rb') as file: tomllib.load(file)",
    False: "import pathlib, sys\nfrom xml.etree.ElementTree import iterparse\n"
    "for file in pathlib.Path(sys.argv[1]).iterdir():\n"
    "    for _, element in iterparse(file): element.clear()",
}
ENTRY = "Microsoft.Exchange.Management.RecipientTasks.ADAcePresentationObject"
SERVER = "Microsoft.Exchange.Data.Directory.Management.ExchangeServer"
ANYBODY, RELAY = r"NT AUTHORITY\ANONYMOUS LOGON", "ms-Exch-SMTP-Accept-Any-Recipient"

GROUPS = [
    (ace.principal.name, ace.right.value)
    for group in (PermissionGroup.ANONYMOUS_USERS, PermissionGroup.EXCHANGE_USERS)
    for ace in preset(group, exchange=None, role=ServerRole.HUB, domain="CONTOSO")
]
"""The entries that the groups of every connector write, which an export lists beside its own."""


def entries(number: int) -> list[tuple[str, str]]:
    """Return users and rights: a third relays for everybody, each for one user of eight."""
    user = ANYBODY if number % 3 == 0 else rf"CONTOSO\fax{number % 5}"
    return [(user, RELAY), (rf"CONTOSO\svc{number % 8}", RELAY)]


def server_file(count: int, version: str | None) -> dict[str, str]:
    """Return a server file of such connectors by its name."""
    tables = [
        'format = 1\n\n[organization]\nserver = "EX01"\ndomain = "CONTOSO"\n'
        f'accepted_domains = ["contoso.com"]\nexchange = "{version}"\n'
    ]
    for number in range(count):
        first, second = divmod(number, 100)
        tables.append(
            f'\n[[connector]]\nname = "Relay {number}"\nbindings = ["0.0.0.0:25"]\n'
            f'remote_ip_ranges = ["10.{first}.{second}.1", "10.1{first}.{second}.0/24"]\n'
            'permission_groups = ["AnonymousUsers", "ExchangeUsers"]\n'
            'auth_mechanism = ["Tls", "Integrated"]\ntransport_role = "FrontendTransport"\n'
        )
        tables += (
            f"\n[[connector.ace]]\nuser = '{user}'\nrights = \"{right}\"\n"
            for user, right in entries(number)
        )
    return {"server.toml": "".join(tables)}


def export(count: int, version: str | None) -> dict[str, str]:
    """Return connectors, their entries and the server as files of CLIXML by name."""
    objects: list[dict[str, object]] = []
    for number in range(count):
        first, second = divmod(number, 100)
        objects.append(
            {
                "Name": f"Relay {number}",
                "Server": "EX01",
                "Identity": rf"EX01\Relay {number}",
                "Enabled": True,
                "Bindings": ["0.0.0.0:25"],
                "RemoteIPRanges": [f"10.{first}.{second}.1", f"10.1{first}.{second}.0/24"],
                "PermissionGroups": "AnonymousUsers, ExchangeUsers, Custom",
                "AuthMechanism": "Tls, Integrated",
                "TransportRole": "FrontendTransport",
            }
            | dict.fromkeys(OTHERS, False)
        )
    permissions = [
        {
            "Identity": rf"EX01\Relay {number}",
            "User": user,
            "Deny": False,
            "IsInherited": False,
            "AccessRights": ["ExtendedRight"],
            "ExtendedRights": [right],
        }
        for number in range(count)
        for user, right in (*GROUPS, *entries(number))
    ]
    files = {
        "connectors.xml": writers.clixml(objects),
        "entries.xml": writers.clixml(permissions, ENTRY),
    }
    if version:
        server = {"Name": "EX01", "AdminDisplayVersion": version, "ServerRole": "Mailbox"}
        files["servers.xml"] = writers.clixml([server], SERVER)
    return files


CASES: dict[str, tuple[Callable[[int, str | None], dict[str, str]], str | None]] = {
    "server file": (server_file, "2016"),
    "export, version told": (export, "Version 15.1 (Build 2507.6)"),
    "export, version not told": (export, None),
}


def seconds(command: list[str]) -> float:
    """Return the processor time of a process and what it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    nothing = subprocess.DEVNULL
    done = subprocess.run(command, check=False, stdout=nothing, stderr=nothing)
    assert done.returncode in (0, 3), command
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(path: Path, rounds: int) -> bool:
    """Print the rows of one file; tell whether every bar is met."""
    program = [sys.executable, "-m", "relaysim"]
    floor = [sys.executable, "-c", FLOORS[path.is_file()], str(path)]
    cache = Path(os.environ["XDG_CACHE_HOME"])
    is_met = True
    for name, words in QUESTIONS.items():
        took: dict[str, list[float]] = {"built-in": [], "floor": [], "first": [], "kept": []}
        for _ in range(rounds):
            for one in cache.rglob("*.kept"):
                one.unlink()
            took["built-in"].append(seconds([*program, *words, "-c", "builtin:option-1"]))
            took["floor"].append(seconds(floor))
            took["first"].append(seconds([*program, *words, "-c", str(path)]))
            took["kept"].append(seconds([*program, *words, "-c", str(path)]))
        best = {what: min(some) for what, some in took.items()}
        kept, first = best["kept"] / best["built-in"], best["first"] / best["floor"]
        is_met = is_met and kept <= KEPT_BAR and first <= FIRST_BAR
        figures = "".join(f"{some * 1000:9.0f}" for some in best.values())
        print(f"  {name:10}{figures}{first:14.2f}{kept:18.2f}", flush=True)
    return is_met


def main(count: int = 1_000, rounds: int = 9) -> bool:
    print(machine())
    # An installed program has its bytecode; a bench that forbids it would time the compiler.
    for name in ("PYTHONDONTWRITEBYTECODE", "RELAYSIM_NO_CACHE"):
        os.environ.pop(name, None)
    is_met = True
    print(f"{'ms':12}{'built-in':>9}{'floor':>9}{'first':>9}{'kept':>9}", end="")
    print(f"{f'first/floor ({FIRST_BAR:.0f})':>16}{f'kept/built-in ({KEPT_BAR:.0f})':>20}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        for number, (name, (write, version)) in enumerate(CASES.items()):
            files = write(count, version)
            for file, text in files.items():
                path = Path(folder, str(number), file)
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, "utf-8")
            print(f"{name}, {sum(map(len, files.values())) / 1e6:.1f} MB")
            source = path.parent if len(files) > 1 else path
            is_met = measure(source, rounds) and is_met
    return is_met


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else 1)
