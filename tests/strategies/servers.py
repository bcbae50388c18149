"""Generators of organizations of one to four servers, and of sessions that one of them gets."""

from typing import Any

from hypothesis import strategies as st

from tests.oracle.servers import alone
from tests.strategies.cases import plain_message_cases
from tests.strategies.organizations import (
    LOCALS,
    different,
    mostly,
    one_of,
    plain_organizations,
    plain_sessions,
    seldom,
    truth,
)

SERVERS = ("EX01", "EX02", "Hub 3", "EDGE1")
_SHARED = ("domain", "accepted_domains", "inherited_aces", "accounts")
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
    return {"servers": servers, **{key: first[key] for key in _SHARED}}


_ERAS = (("2007", "2010"), ("2013", "2016", "2019", "SE"))


@st.composite
def _behind(draw, part):
    """Draw a server like another: of a version of its time, with a back end or without one."""
    era = next(era for era in _ERAS if part["exchange"] in era)
    front_end = part["connectors"][0]["transport_role"] == "FrontendTransport"
    connectors = part["connectors"]
    if front_end:
        door = connectors[0] | {"name": "Default Frontend EX01"}
        hub = {"name": "Default EX01", "transport_role": "HubTransport", "enabled": draw(mostly)}
        hub["bindings"] = ["0.0.0.0:2525"]
        connectors = [door, *connectors[1:]]
        connectors += [connectors[-1] | hub] if draw(mostly) else []
    return part | {"exchange": draw(one_of(part["exchange"], *era)), "connectors": connectors}


@st.composite
def plain_server_messages(draw):
    """Draw servers that mostly take the session as far as its message."""
    first, session = draw(plain_message_cases(proxied=draw(seldom)))
    servers = []
    for name in draw(different(SERVERS[:3], least=1, most=3)):
        part = draw(_behind(first))
        kept = {"name": name, "exchange": part["exchange"], "role": part["role"], "addresses": []}
        servers.append(kept | {"connectors": _named(name, part["connectors"])})
    return {"servers": servers, **{key: first[key] for key in _SHARED}}, session


@st.composite
def plain_server_cases(draw):
    """Draw an organization and a session that one of its servers is made for."""
    if draw(truth):
        return draw(plain_server_messages())
    organization = draw(plain_server_organizations())
    server = draw(one_of(*range(len(organization["servers"]))))
    return organization, draw(plain_sessions(alone(organization, organization["servers"][server])))
