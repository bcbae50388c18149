"""Published cases, and what is needed to ask the program about them; not a test by itself.

``RELAYSIM_EVIDENCE`` names a folder with ``cases.json``: published outputs and outcomes of real
servers, each with its public source.
"""

import json
import os
from pathlib import Path

import pytest

from relaysim import Session, evaluate, parse_address
from relaysim.builtin.fresh import EVERY_ADDRESS, any_sockets, fresh_server
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector, TransportRole, parse_mechanism
from relaysim.model.groups import parse_group, preset
from relaysim.model.organization import AcceptedDomain, default_inherited_aces, one_server
from relaysim.model.principals import parse_principal
from relaysim.model.rights import LOG_ORDER, RIGHT_FACTS, parse_right
from relaysim.model.version import ServerRole, parse_version
from relaysim.net.notation import parse_range, parse_socket

FOLDER = os.environ.get("RELAYSIM_EVIDENCE")
needs_evidence = pytest.mark.skipif(not FOLDER, reason="RELAYSIM_EVIDENCE names no folder")
CASES = (
    {case["id"]: case for case in json.loads((Path(FOLDER) / "cases.json").read_text("utf-8"))}
    if FOLDER
    else {}
)
CLIENT = "203.0.113.9"
FOREIGN, OWN = "someone@example.net", "someone@contoso.com"


def build(case, version, *, role=ServerRole.HUB, extra=None):
    """Return the organization of a case's connectors; what it does not tell has neutral values."""
    exchange = parse_version(version)
    connectors = []
    for described in case["connectors"]:
        acl: list[Ace] = []
        for name in described.get("permission_groups", "").split(","):
            if name.strip() and name.strip() != "Custom":
                acl += preset(parse_group(name), exchange=exchange, role=role, domain="CONTOSO")
        for ace in described.get("effective_aces", ()):
            user = parse_principal(ace["user"], "CONTOSO")
            acl.append(Ace(user, parse_right(ace["right"]), ace["deny"]))
        removed = described.get("removed_right")
        acl = [ace for ace in acl if removed is None or ace.right is not parse_right(removed)]
        mechanisms = described.get("auth_mechanism", "Tls").split(",")
        bindings = described.get("bindings")
        ranges = described.get("remote_ip_ranges")
        connectors.append(
            ReceiveConnector(
                name=described["name"],
                bindings=tuple(map(parse_socket, bindings)) if bindings else any_sockets(25),
                remote_ip_ranges=tuple(map(parse_range, ranges)) if ranges else EVERY_ADDRESS,
                auth_mechanism=frozenset(
                    m for m in map(parse_mechanism, mechanisms) if m is not None
                ),
                acl=tuple(dict.fromkeys(acl + list(extra or ()))),
                transport_role=TransportRole(described.get("transport_role", "HubTransport")),
            )
        )
    if any(connector.is_front_end for connector in connectors):
        # Every such server has a back end, whether a page shows it or not.
        fresh = fresh_server(exchange=exchange, server="EX01")
        connectors += [c for c in fresh.connectors if not c.is_front_end]
    return one_server(
        exchange=exchange,
        role=role,
        server="EX01",
        accepted_domains=(AcceptedDomain(name="contoso.com"),),
        connectors=tuple(connectors),
        inherited_aces=default_inherited_aces(role, "CONTOSO"),
    )


def ask(organization, **session):
    session.setdefault("ip", CLIENT)
    session["ip"] = parse_address(session["ip"])
    if "local_ip" in session:
        session["local_ip"] = parse_address(session["local_ip"])
    return evaluate(organization, Session(**session))


def reply_of(case):
    (reply,) = case["observed"]["replies"][:1]
    return f"{reply['code']} {reply['text']}"


def tokens(decision):
    held = {grant.right for grant in decision.rights if grant.granted}
    return [RIGHT_FACTS[right].token for right in LOG_ORDER if right in held]
