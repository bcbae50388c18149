"""How long an import takes beside the plainest reading of the same file, and its memory.

Run it as ``python -m tests.bench.imports [MEGABYTES [RANGES]]``. A CLIXML export is held against
``xml.etree.iterparse``, a text against a loop over its lines, and besides against the least that
keeps what the text says: a dictionary for each object, its lists split. Each runs in one process of
its own, in turns, and the best of three rounds of processor time counts. Last come 1,300 connectors
with 1,300 ranges each.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import iterparse

from relaysim.config.exports import import_paths
from tests.importers import writers

FEW, MANY = 25, 1300
OTHERS = (
    "BinaryMimeEnabled", "ChunkingEnabled", "DeliveryStatusNotificationEnabled",
    "EightBitMimeEnabled", "DomainSecureEnabled", "EnhancedStatusCodesEnabled",
    "LongAddressesEnabled", "OrarEnabled", "SuppressXAnonymousTls", "ProxyEnabled",
    "AdvertiseClientSettings", "RequireEHLODomain", "RequireTLS", "EnableAuthGSSAPI",
    "LiveCredentialEnabled", "PipeliningEnabled", "IsValid",
)  # fmt: skip
"""Properties that a whole listing shows beside those that decide."""


def connectors(count: int, ranges: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {
            "Name": f"Relay {number}",
            "Server": f"EX{number % 40:02}",
            "Enabled": True,
            "Bindings": ["0.0.0.0:25"],
            "RemoteIPRanges": [
                f"10.{number % 250}.{entry // 250}.{entry % 250}" for entry in range(ranges)
            ],
            "PermissionGroups": "AnonymousUsers",
            "AuthMechanism": "Tls",
            "TransportRole": "FrontendTransport",
        } | dict.fromkeys(OTHERS, False)


def plain_xml(path: str) -> None:
    for _, element in iterparse(path):  # noqa: S314  # our own file
        element.clear()


def plain_lines(path: str) -> None:
    with open(path, encoding="utf-8") as stream:  # noqa: PTH123
        for line in stream:
            line.rstrip()


def kept_lines(path: str) -> list[dict[str, list[str] | str]]:
    found: list[dict[str, list[str] | str]] = []
    values: dict[str, str] = {}
    name = ""
    with open(path, encoding="utf-8") as stream:  # noqa: PTH123
        for line in stream:
            if line[:1] == " ":
                values[name] += line.strip()
            elif line == "\n":
                found.append(
                    {
                        key: text[1:-1].split(", ") if text[:1] == "{" else text
                        for key, text in values.items()
                    }
                )
                values = {}
            else:
                name, _, text = line.partition(" :")
                name = name.rstrip()
                values[name] = text.strip()
    return found


def seconds(work: Callable[..., object], argument: object) -> float:
    begin = time.process_time()
    work(argument)
    return time.process_time() - begin


FLOORS = {"CLIXML": plain_xml, "Format-List": plain_lines}
WRITERS: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "CLIXML": writers.clixml,
    "Format-List": lambda some: writers.format_list(some, width=120),
}


def one(form: str, path: str) -> None:
    """Print the figures of one file; the memory is that of the import, which runs first."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mine = [seconds(import_paths, [path])]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    least = [seconds(FLOORS[form], path)]
    kept = [seconds(kept_lines, path)] if form == "Format-List" else []
    for _ in range(2):
        kept += [seconds(kept_lines, path)] if kept else []
        mine.append(seconds(import_paths, [path]))
        least.append(seconds(FLOORS[form], path))
    print(
        f"{form}, {Path(path).stat().st_size / 1e6:.0f} MB: plain {min(least):.2f} s, import "
        f"{min(mine):.2f} s, {min(mine) / min(least):.1f} to one; memory {peak >> 10} MB at its "
        f"highest, {before >> 10} before"
        + (f"; kept {min(kept):.2f} s, {min(mine) / min(kept):.1f} to one" if kept else "")
    )


def write(path: Path, form: str, megabytes: float, ranges: int) -> None:
    sample = len(WRITERS[form](list(connectors(4, ranges)))) / 4
    count = max(1, int(megabytes * 1_000_000 / sample)) if megabytes else MANY
    path.write_text(WRITERS[form](list(connectors(count, ranges))), "utf-8")


def main() -> None:
    if sys.argv[1:2] == ["one"]:
        one(sys.argv[2], sys.argv[3])
        return
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[3]), sys.argv[2], float(sys.argv[4]), int(sys.argv[5]))
        return
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 20
    ranges = int(sys.argv[2]) if len(sys.argv) > 2 else FEW
    with tempfile.TemporaryDirectory() as folder:
        for size, each in ((megabytes, ranges), (0, MANY)):
            for form in FLOORS:
                path = Path(folder, "export")
                what = f"{each} ranges in each of {MANY}" if not size else f"{each} ranges in each"
                print(what, end=": ", flush=True)
                # The memory of a process counts from the one that it was made of.
                run("write", form, str(path), str(size), str(each))
                run("one", form, str(path))


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "tests.bench.imports", *arguments], check=True)


if __name__ == "__main__":
    main()
