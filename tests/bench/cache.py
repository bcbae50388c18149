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
from collections.abc import Callable, Iterable, Iterator
from itertools import count as count_from
from pathlib import Path
from typing import cast

from relaysim.model.groups import PermissionGroup, preset
from relaysim.model.principals import ANONYMOUS_LOGON
from relaysim.model.version import ServerRole
from tests.bench.imports import OTHERS
from tests.bench.questions import machine

KEPT_BAR, FIRST_BAR = 2.0, 4.0
QUESTIONS = {
    "check": ("check", "--ip", "10.0.7.1"),
    "explain": ("explain", "Relay 7"),
    "who-can": ("who-can", "relay"),
}
SMALL = QUESTIONS | {"explain": ("explain", "CRM Application")}
"""What is asked about the built-in configuration; `explain` wants a version that is told."""
FLOORS = {
    True: "import sys, tomllib\nwith open(sys.argv[1], 'rb') as file: tomllib.load(file)",
    False: "import pathlib, sys\nfrom xml.etree.ElementTree import iterparse\n"
    "for file in pathlib.Path(sys.argv[1]).iterdir():\n"
    "    for _, element in iterparse(file): element.clear()",
}
CONNECTOR = "Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector"
ENTRY = "Microsoft.Exchange.Management.RecipientTasks.ADAcePresentationObject"
SERVER = "Microsoft.Exchange.Data.Directory.Management.ExchangeServer"
ANYBODY, RELAY = ANONYMOUS_LOGON.name, "ms-Exch-SMTP-Accept-Any-Recipient"

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


def shell_lines(
    tag: str, value: object, numbers: Iterator[int], indent: str = "      "
) -> Iterator[str]:
    """Yield the lines of a value as `Export-Clixml` lays it out; a pair is a text and its parts."""
    name = f' N="{tag}"' if tag else ""
    if isinstance(value, bool):
        yield f"{indent}<B{name}>{str(value).lower()}</B>"
    elif isinstance(value, str):
        yield f"{indent}<S{name}>{value}</S>"
    else:
        yield f'{indent}<Obj{name} RefId="{next(numbers)}">\n{indent}  <TNRef RefId="1" />'
        if isinstance(value, list):
            yield f"{indent}  <LST>"
            for item in value:
                yield from shell_lines("", item, numbers, f"{indent}    ")
            yield f"{indent}  </LST>\n{indent}</Obj>"
        else:
            text, parts = cast("tuple[str, dict[str, object]]", value)
            yield f"{indent}  <ToString>{text}</ToString>\n{indent}  <Props>"
            for each, part in parts.items():
                yield from shell_lines(each, part, numbers, f"{indent}    ")
            yield f"{indent}  </Props>\n{indent}</Obj>"


def as_exported(kind: str, objects: Iterable[dict[str, object]]) -> str:
    """Return objects of a type as a live shell exports them."""
    numbers = count_from(0)
    lines = ['<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">']
    for one in objects:
        number = next(numbers)
        told = f"\n      <T>{kind}</T>\n    </TN>\n" if number == 0 else ""
        type_lines = f'    <TN RefId="0">{told}' if told else '    <TNRef RefId="0" />\n'
        lines.append(f'  <Obj RefId="{number}">\n{type_lines}    <Props>')
        for name, value in one.items():
            lines += shell_lines(name, value, numbers)
        lines.append("    </Props>\n  </Obj>")
    return "\n".join([*lines, "</Objs>"])


def address(text: str) -> tuple[str, dict[str, object]]:
    return text, {"AddressFamily": "InterNetwork", "IsIPv6Multicast": False, "IsIPv6Teredo": False}


def export(count: int, version: str | None) -> dict[str, str]:
    """Return connectors, their entries and the server as files of CLIXML by name."""
    connectors: list[dict[str, object]] = []
    permissions: list[dict[str, object]] = []
    for number in range(count):
        first, second = divmod(number, 100)
        identity = rf"EX01\Relay {number}"
        low, high = f"10.1{first}.{second}.0", f"10.1{first}.{second}.255"
        own = f"10.{first}.{second}.1"
        connectors.append(
            {
                "Name": f"Relay {number}",
                "Server": ("EX01", {"Name": "EX01", "IsDeleted": False}),
                "Identity": identity,
                "Enabled": True,
                "Bindings": [("0.0.0.0:25", {"Port": "25", "AddressFamily": "InterNetwork"})],
                "RemoteIPRanges": [
                    (own, {"LowerBound": address(own), "UpperBound": address(own)}),
                    (f"{low}/24", {"LowerBound": address(low), "UpperBound": address(high)}),
                ],
                "PermissionGroups": ("AnonymousUsers, ExchangeUsers, Custom", {}),
                "AuthMechanism": ("Tls, Integrated", {}),
                "TransportRole": ("FrontendTransport", {}),
            }
            | dict.fromkeys(OTHERS, False)
        )
        permissions += (
            {
                "Identity": identity,
                "User": (user, {"RawIdentity": user, "IsDeleted": False}),
                "Deny": ("False", {"IsPresent": False}),
                "IsInherited": False,
                "AccessRights": ["ExtendedRight"],
                "ExtendedRights": [right],
            }
            for user, right in (*GROUPS, *entries(number))
        )
    files = {
        "connectors.xml": as_exported(CONNECTOR, connectors),
        "entries.xml": as_exported(ENTRY, permissions),
    }
    if version:
        server: dict[str, object] = {"Name": "EX01", "AdminDisplayVersion": version}
        files["servers.xml"] = as_exported(SERVER, [server | {"ServerRole": "Mailbox"}])
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


def measure(path: Path, rounds: int, asked: Iterable[str]) -> bool:
    """Print the rows of one file; tell whether every bar is met."""
    program = [sys.executable, "-m", "relaysim"]
    floor = [sys.executable, "-c", FLOORS[path.is_file()], str(path)]
    cache = Path(os.environ["XDG_CACHE_HOME"])
    is_met = True
    for name in asked:
        words = QUESTIONS[name]
        took: dict[str, list[float]] = {"built-in": [], "floor": [], "first": [], "kept": []}
        for _ in range(rounds):
            for one in cache.rglob("*.kept"):
                one.unlink()
            took["built-in"].append(seconds([*program, *SMALL[name], "-c", "builtin:option-1"]))
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
            here = Path(folder, str(number))
            here.mkdir()
            files = write(count, version)
            for file, text in files.items():
                (here / file).write_text(text, "utf-8")
            print(f"{name}, {sum(map(len, files.values())) / 1e6:.1f} MB")
            source = here / "server.toml" if "server.toml" in files else here
            asked = QUESTIONS if version else QUESTIONS.keys() - {"explain"}
            is_met = measure(source, rounds, sorted(asked)) and is_met
    return is_met


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else 1)
