"""Generators of organizations of one to four servers, and of sessions that one of them gets."""

from typing import Any

from hypothesis import strategies as st

from tests.oracle.servers import alone
from tests.strategies.organizations import (
    LOCALS,
    different,
    one_of,
    plain_organizations,
    plain_sessions,
    seldom,
    truth,
)

SERVERS = ("EX01", "EX02", "Hub 3", "EDGE1")
_ADDRESSES = tuple(LOCALS[4] + LOCALS[6])


def _named(server, connectors):
    """Return connectors of a server, where setup's names carry the server's own."""
    return [
        connector | {"name": connector["name"].replace("EX01", server).replace("ex01", server)}
        for connector in connectors
    ]


@st.composite
def plain_server_organizations(draw):
    """Draw one to four servers; some are copies of the first, so that they decide alike."""
    names = draw(different(SERVERS, least=1, most=4))
    first = draw(plain_organizations())
    servers: list[dict[str, Any]] = []
    for name in names:
        part = first if not servers or draw(truth) else draw(plain_organizations())
        servers.append(
            {
                "name": name,
                "exchange": part["exchange"],
                "role": part["role"],
                "addresses": draw(different(_ADDRESSES, most=2)) if draw(seldom) else [],
                "connectors": _named(name, part["connectors"]),
            }
        )
    shared = ("domain", "accepted_domains", "inherited_aces", "accounts")
    return {"servers": servers, **{key: first[key] for key in shared}}


@st.composite
def plain_server_cases(draw):
    """Draw an organization and a session that one of its servers is made for."""
    organization = draw(plain_server_organizations())
    server = draw(one_of(*range(len(organization["servers"]))))
    return organization, draw(plain_sessions(alone(organization, organization["servers"][server])))
