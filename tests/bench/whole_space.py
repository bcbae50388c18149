"""`map` and `who-can` over very many connectors and principals, against the load of the file.

The load itself is held against `tomllib` on the same file.

Run: ``python -m tests.bench.whole_space [CONNECTORS] [ROUNDS]``.

Every connector has a range of its own and entries for a user of its own, who may relay there and
nowhere else, so that the answer has a line for each. Each user is an account. A second server gives
all the entries to one connector: there the users are one class, and the answer says it of each.
"""

import os
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

import relaysim
from relaysim.cli import cli
from tests.bench.questions import best_of, machine

BAR, GROWTH_BAR, LOAD_BAR = 3.0, 12.0, 1.8
RIGHT = "ms-Exch-SMTP-Accept-Any-Recipient"


def own_entries(count: int) -> Iterator[str]:
    """Yield the tables of connectors that each let another user relay."""
    for number in range(count):
        first, rest = divmod(number, 250 * 250)
        second, third = divmod(rest, 250)
        yield (
            f'[[connector]]\nname = "Relay {number:05}"\nbindings = ["0.0.0.0:25"]\n'
            f'remote_ip_ranges = ["10.{first}.{second}.{third}"]\n'
            'auth_mechanism = ["Tls", "Integrated"]\n'
            'permission_groups = ["AnonymousUsers"]\n'
            f'[[connector.ace]]\nuser = "CONTOSO\\\\user{number:05}"\n'
            f'rights = ["ms-Exch-SMTP-Submit", "{RIGHT}"]\n'
        )


def one_class(count: int) -> Iterator[str]:
    """Yield as many connectors, of which the first lets all the users submit and relay."""
    for number, table in enumerate(own_entries(count)):
        yield table[: table.index("[[connector.ace]]")]
        for user in range(count if number == 0 else 0):
            yield (
                f'[[connector.ace]]\nuser = "CONTOSO\\\\user{user:05}"\n'
                f'rights = ["ms-Exch-SMTP-Submit", "{RIGHT}"]\n'
            )


def write(path: Path, tables: Iterator[str], accounts: int) -> None:
    head = 'format = 1\n[organization]\nexchange = "2010"\naccepted_domains = ["contoso.com"]\n'
    known = (
        f'[[account]]\nname = "CONTOSO\\\\user{number:05}"\n'
        f'addresses = ["user{number:05}@contoso.com"]\n'
        for number in range(accounts)
    )
    path.write_text(head + "".join((*tables, *known)), "utf-8")


def ask(path: Path, *words: str) -> None:
    done = CliRunner().invoke(cli, [*words, "-c", str(path)], catch_exceptions=False)
    assert done.exit_code == 0, done.output[:1000]


def main(count=10_000, rounds=2):
    print(machine())
    # Each command reads the file, as the first run about it does.
    os.environ["RELAYSIM_NO_CACHE"] = "1"
    met = True
    for name, tables in (("own entries", own_entries), ("one class", one_class)):
        took = {}
        for size in (count // 10, count):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "server.toml"
                write(path, tables(size), size)
                took[size] = best_of(
                    rounds,
                    lambda path=path: tomllib.loads(path.read_text("utf-8")),
                    lambda path=path: relaysim.load(str(path)),
                    lambda path=path: ask(path, "map"),
                    lambda path=path: ask(path, "who-can", "relay"),
                )
        least, load = took[count][:2]
        print(f"{count:,} connectors, entries and users, {name}: load {load * 1e3:.0f} ms")
        met = met and load / least <= LOAD_BAR
        print(f"  load {load / least:.2f} times `tomllib` (bar {LOAD_BAR})")
        for what, few, many in list(
            zip(("map", "who-can relay"), *(t[2:] for t in took.values()), strict=True)
        ):
            growth = many / few
            met = met and many / load <= BAR and growth < GROWTH_BAR
            print(
                f"  {what:<14}{many * 1e3:>8.0f} ms, {many / load:.2f} times the load (bar {BAR}); "
                f"from {count // 10:,} on {growth:.1f} times (bar {GROWTH_BAR})"
            )
    return met


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:3])) else 1)
