"""Many connectors made in the shell: the time must grow as the number of commands does.

Run: ``python -m tests.bench.shell_commands [COUNT]``. Half as many come first, in the same run.
"""

import sys

from relaysim.builtin.fresh import fresh_server
from relaysim.management_shell.running import ExchangeSession
from tests.bench.questions import best_of, machine

BAR = 2.3


def script(count):
    return "\n".join(
        f'New-ReceiveConnector -Name "Relay {number}" -Usage Custom -Bindings 0.0.0.0:25 '
        f"-RemoteIPRanges 10.{number // 250}.{number % 250}.1 -PermissionGroups AnonymousUsers | "
        'Add-ADPermission -User "NT AUTHORITY\\ANONYMOUS LOGON" '
        '-ExtendedRights "ms-Exch-SMTP-Accept-Any-Recipient"'
        for number in range(count)
    )


def make(count):
    result = ExchangeSession(fresh_server(), max_seconds=3600).run(script(count))
    assert not result.errors, result.errors[0].message


def main(count=4000, rounds=1):
    print(machine())
    make(10)
    few, many = best_of(rounds, lambda: make(count // 2), lambda: make(count))
    print(
        f"{count // 2:,} connectors {few:.1f} s, {count:,} connectors {many:.1f} s: "
        f"{many / few:.2f} times (bar {BAR})"
    )
    return many / few <= BAR


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:3])) else 1)
