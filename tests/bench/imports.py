"""How long an import takes beside the plainest reading of the same file, and its memory.

Run it as ``python -m tests.bench.imports [MEGABYTES]``. A CLIXML export is held against
``xml.etree.iterparse``, a text against a loop over its lines, in one run each.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path
from xml.etree.ElementTree import iterparse

from relaysim.config.exports import import_paths
from tests.importers import writers


def connectors(count: int, ranges: int):
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
        }


def plain_xml(path: Path) -> None:
    for _, element in iterparse(path):  # noqa: S314  # our own file
        element.clear()


def plain_lines(path: Path) -> None:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            line.rstrip()


def seconds(work, *arguments) -> float:
    begin = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - begin


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        for name, write, plain in (
            ("CLIXML", writers.clixml, plain_xml),
            ("Format-List", lambda some: writers.format_list(some, width=120), plain_lines),
        ):
            one = len(write(list(connectors(10, 130)))) / 10
            count = max(1, int(megabytes * 1_000_000 / one))
            path = Path(folder, "export")
            path.write_text(write(list(connectors(count, 130))), "utf-8")
            least = seconds(plain, path)
            mine = seconds(import_paths, [str(path)])
            size = path.stat().st_size / 1_000_000
            print(
                f"{name}: {size:.0f} MB, {count} connectors: plain {least:.2f} s, "
                f"import {mine:.2f} s, {mine / least:.1f} to one"
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
