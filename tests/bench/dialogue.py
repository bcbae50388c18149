"""Print how many exchanges a second the dialogue answers, in a warm process.

Run it as ``python tests/bench/dialogue.py``. The bar is 40 microseconds for one exchange.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from relaysim import AuthKind, Session, load, parse_address
from relaysim.builtin.fresh import fresh_server
from relaysim.model.version import ExchangeVersion
from relaysim.smtp.clients.client_script import converse
from relaysim.smtp.listener import Listener

ROUNDS = 2000


def cases():
    option_2 = load("builtin:option-2")
    session = Session(
        ip=parse_address("192.168.2.55"),
        mail_from="app@contoso.com",
        rcpt_to=("someone@example.net",),
    )
    yield "anonymous relay, 2007", option_2, session
    account = Session(
        ip=parse_address("203.0.113.9"),
        port=587,
        auth=AuthKind.BASIC,
        user="CONTOSO\\app",
        tls=True,
        mail_from="app@example.net",
        rcpt_to=("someone@example.net",),
    )
    yield (
        "STARTTLS, AUTH LOGIN, refused sender, 2019",
        fresh_server(exchange=ExchangeVersion.V2019),
        account,
    )
    many = Session(
        ip=parse_address("203.0.113.9"),
        mail_from="app@example.net",
        rcpt_to=tuple(f"user{n}@contoso.com" for n in range(200)),
    )
    yield "200 recipients, 2016", fresh_server(exchange=ExchangeVersion.V2016), many


def main():
    for name, organization, session in cases():
        rounds = ROUNDS if len(session.rcpt_to) == 1 else ROUNDS // 20
        server = Listener(organization)
        for _ in range(rounds // 10):
            converse(server, session)
        exchanges = 0
        start = time.perf_counter()
        for _ in range(rounds):
            exchanges += len(converse(server, session).exchanges)
        seconds = time.perf_counter() - start
        print(
            f"{name}: {exchanges / seconds:,.0f} exchanges/s, "
            f"{seconds / exchanges * 1e6:.1f} microseconds each, "
            f"{exchanges // rounds} a dialogue"
        )


if __name__ == "__main__":
    main()
