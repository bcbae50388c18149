"""How long an import takes beside the plainest reading of the same file, and its memory.

Run it as ``python -m tests.bench.imports [MEGABYTES [RANGES]]``. A CLIXML export is held against
``xml.etree.iterparse``, a text against a loop over its lines, and besides against the least that
keeps what the text says: a dictionary for each object, its lists split. A table is held against its
rows cut at the columns, CSV against ``csv.DictReader``, JSON against ``json.loads``. Each runs in a
process of its own, in turns, and the best of three rounds of processor time counts. Last come 1,300
connectors with 1,300 ranges each.
"""

import csv
import json
import re
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


def kept_rows(path: str) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:  # noqa: PTH123
        next(stream)
        return list(csv.DictReader(stream))


def kept_cells(path: str) -> list[dict[str, str]]:
    """Cut the rows of a table where its dashes stand."""
    with open(path, encoding="utf-8") as stream:  # noqa: PTH123
        _, names, dashes = next(stream), next(stream).split(), next(stream)
        begins = [match.start() for match in re.finditer("-+", dashes)]
        ends = [*begins[1:], None]
        spans = list(zip(names, begins, ends, strict=True))
        return [{name: line[begin:end].strip() for name, begin, end in spans} for line in stream]


def kept_objects(path: str) -> object:
    return json.loads(Path(path).read_text("utf-8"))


FLOORS: dict[str, tuple[Callable[..., object], ...]] = {
    "CLIXML": (plain_xml,),
    "Format-List": (plain_lines, kept_lines),
    "Format-Table": (kept_cells,),
    "CSV": (kept_rows,),
    "JSON": (kept_objects,),
}
WRITERS: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "CLIXML": writers.clixml,
    "Format-List": lambda some: writers.format_list(some, width=120),
    "Format-Table": writers.format_table,
    "CSV": writers.csv_text,
    "JSON": writers.json_text,
}
LARGEST = ("CLIXML", "Format-List")
"""Forms in which the connectors with many ranges are read too."""


def one(form: str, path: str) -> None:
    """Print the figures of one file; the memory is that of the import, which runs first."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mine = [seconds(import_paths, [path])]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    least: list[list[float]] = [[] for _ in FLOORS[form]]
    for turn in range(3):
        for took, floor in zip(least, FLOORS[form], strict=True):
            took.append(seconds(floor, path))
        if turn:
            mine.append(seconds(import_paths, [path]))
    floors = "; ".join(
        f"{floor.__name__} {min(took):.2f} s, {min(mine) / min(took):.1f} to one"
        for took, floor in zip(least, FLOORS[form], strict=True)
    )
    print(
        f"{form}, {Path(path).stat().st_size / 1e6:.0f} MB: import {min(mine):.2f} s; {floors}; "
        f"memory {peak >> 10} MB at its highest, {before >> 10} before"
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
            for form in FLOORS if size else LARGEST:
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
