"""Chapter 8: several servers. A client talks to one of them, and may not say to which (S-8).

An organization of several has `servers`, a list of name, exchange, role, addresses and connectors;
the rest is as for one. Each server is asked the plain question.
"""

from tests.oracle.addresses import read_address, read_binding, read_range, unmap
from tests.oracle.definition import decide
from tests.oracle.everywhere import may_somewhere


def alone(organization, server):
    """Return the organization with only this server; an Edge inherits nothing beside others."""
    apart = server["role"] == "edge" and len(organization["servers"]) > 1
    return {
        "exchange": server["exchange"],
        "server": server["name"],
        "role": server["role"],
        "domain": organization["domain"],
        "accepted_domains": organization["accepted_domains"],
        "inherited_aces": [] if apart else organization["inherited_aces"],
        "accounts": organization["accounts"],
        "connectors": server["connectors"],
        "others": [other for other in organization["servers"] if other is not server],
    }


def meant(organization, session):
    """Return the servers that a client with this local address can be talking to."""
    every = organization["servers"]
    if session["local_ip"] is None:
        return every
    wanted = unmap(read_address(session["local_ip"]))
    owners = [s for s in every if wanted in [read_address(text) for text in s["addresses"]]]
    if owners:
        return owners
    binders = []
    for server in every:
        bindings = [b for c in server["connectors"] if c["enabled"] for b in c["bindings"]]
        if any(read_binding(text)[0] == wanted for text in bindings):
            binders.append(server)
    return binders or every


def decide_among(organization, session):
    """Return what each server that is meant says, by its name, and whether they are as one."""
    said = {
        server["name"]: decide(alone(organization, server), session)
        for server in meant(organization, session)
    }
    outcomes = []
    for each in said.values():
        refusal, undecided = each["refusal"], each["undecided"]
        yes = {
            name: (told, because == "deny-entry")
            for name, (told, because, *_) in each["answers"].items()
        }
        reply = refusal and (refusal["stage"], refusal["reply"], refusal["recipient"])
        outcomes.append((yes, each["auth_as"], reply, undecided))
    return said, all(outcome == outcomes[0] for outcome in outcomes)


def may_on_some_server(organization, session, client, answer):
    """Tell whether an answer is yes somewhere: on a server, an endpoint, in a TLS state."""
    return any(
        may_somewhere(alone(organization, server), session, client, answer)
        for server in organization["servers"]
    )


def conflict(connectors, wanted):
    """Tell whether a new connector stands in the way of another of its server (V-4).

    They do when they have a binding in common, address and port, and two ranges of that family
    that are the same, or that overlap while neither holds the other.
    """
    for other in connectors:
        for text in wanted["bindings"]:
            if read_binding(text) not in [read_binding(each) for each in other["bindings"]]:
                continue
            version = read_binding(text)[0].version
            for mine in map(read_range, wanted["remote_ip_ranges"]):
                for theirs in map(read_range, other["remote_ip_ranges"]):
                    if mine["low"].version != version or theirs["low"].version != version:
                        continue
                    apart = mine["high"] < theirs["low"] or theirs["high"] < mine["low"]
                    inside = mine["low"] >= theirs["low"] and mine["high"] <= theirs["high"]
                    around = mine["low"] <= theirs["low"] and mine["high"] >= theirs["high"]
                    if not apart and inside == around:
                        return True
    return False
