"""Chapter 1: the connector."""

from tests.oracle.addresses import (
    holds,
    read_address,
    read_binding,
    read_range,
    show_binding,
    size_of,
    unmap,
)
from tests.oracle.saying import assume, refuse

ELSEWHERE = "any other address"


def choose_connector(organization, session, said):
    written = read_address(session["ip"])
    client = unmap(written)
    if client != written:
        assume(said, "S-6", "connector")
    port = session["port"]
    if session["local_ip"] is not None:
        endpoints = [unmap(read_address(session["local_ip"]))]
    else:
        endpoints = possible_endpoints(organization, client, port)

    rankings = [ranking(organization, client, port, endpoint) for endpoint in endpoints]
    outcomes = []
    for endpoint, ranked in zip(endpoints, rankings, strict=True):
        outcome = ranked[0]["name"] if ranked else "nobody"
        if two_services(organization, client, port, endpoint):
            outcome = "invalid"
        if outcome not in outcomes:
            outcomes.append(outcome)
    if len(outcomes) > 1:
        said["undecided"] = {"rule": "S-7", "fact": "--local-ip"}
    elif outcomes == ["invalid"]:
        said["undecided"] = {"rule": "P-4", "fact": "transport service"}

    winner = None
    if said["undecided"] is None and outcomes and outcomes != ["nobody"]:
        # The endpoint "any other address" speaks for all where there is one, else the lowest.
        winner = rankings[-1][0] if endpoints[-1] == ELSEWHERE else rankings[0][0]
    for connector in organization["connectors"]:
        if winner is None or connector["name"] != winner["name"]:
            said["lost"][connector["name"]] = why_lost(
                connector, (client, port, endpoints), winner, undecided=said["undecided"]
            )
    if said["undecided"] is not None:
        return None
    if winner is None:
        if anyone_bound(organization, client, port, endpoints):
            reply = "421 4.3.2 Service not available"
            refuse(said, "connect", reply, because="no-range", rule="S-5")
        else:
            refuse(said, "connect", None, because="port-closed", rule="S-5")
        return None

    said["connector"] = winner["name"]
    said["range"] = winner["range"]["text"]
    said["binding"] = winner["binding"]
    for ranked in rankings:
        for other in ranked[1:]:
            if not ranked[0]["exact"] and other["exact"] and other["size"] > ranked[0]["size"]:
                assume(said, "S-3", "connector")
    for reason, _ in said["lost"].values():
        if reason in ("any-address", "name-order"):
            assume(said, "S-4", "connector")
    for connector in organization["connectors"]:
        if connector["name"] == winner["name"]:
            return connector
    return None


def anyone_bound(organization, client, port, endpoints):
    for connector in organization["connectors"]:
        for endpoint in endpoints:
            if connector["enabled"] and binding_at(connector, client, port, endpoint) is not None:
                return True
    return False


def possible_endpoints(organization, client, port):
    """Return the exact addresses somebody is bound to, lowest first, and perhaps ELSEWHERE."""
    exact = []
    elsewhere = False
    for connector in organization["connectors"]:
        if not connector["enabled"]:
            continue
        for text in connector["bindings"]:
            address, bound_port = read_binding(text)
            if bound_port != port or address.version != client.version:
                continue
            if int(address) == 0:
                elsewhere = True
            elif address not in exact:
                exact.append(address)
    return sorted(exact) + ([ELSEWHERE] if elsewhere else [])


def binding_at(connector, client, port, endpoint):
    """Return (exact?, text) of the connector's binding at an endpoint, or None."""
    if endpoint != ELSEWHERE and endpoint.version != client.version:
        return None
    general = None
    for text in connector["bindings"]:
        address, bound_port = read_binding(text)
        if bound_port != port or address.version != client.version:
            continue
        if int(address) == 0:
            general = (False, show_binding(address, port))
        elif address == endpoint:
            return (True, show_binding(address, port))
    return general


def best_range(connector, client):
    """Return the smallest range that holds the client; of equals the first by address and text."""
    found = []
    for text in connector["remote_ip_ranges"]:
        a_range = read_range(text)
        if holds(a_range, client):
            found.append((size_of(a_range), int(a_range["low"]), a_range["text"], a_range))
    return min(found, key=lambda entry: entry[:3])[3] if found else None


def ranking(organization, client, port, endpoint):
    """Return the connectors that could answer at one endpoint, the best first."""
    found = []
    for connector in organization["connectors"]:
        binding = binding_at(connector, client, port, endpoint)
        a_range = best_range(connector, client)
        if connector["enabled"] and binding is not None and a_range is not None:
            found.append(
                {
                    "name": connector["name"],
                    "range": a_range,
                    "size": size_of(a_range),
                    "exact": binding[0],
                    "binding": binding[1],
                }
            )
    return sorted(found, key=lambda c: (c["size"], not c["exact"], c["name"].casefold(), c["name"]))


def two_services(organization, client, port, endpoint):
    services = set()
    for connector in organization["connectors"]:
        if connector["enabled"] and binding_at(connector, client, port, endpoint) is not None:
            services.add(connector["transport_role"])
    return len(services) > 1


def why_lost(connector, place, winner, *, undecided):
    """Return the reason and the text of the range it would have competed with."""
    client, port, endpoints = place
    if not connector["enabled"]:
        return ("disabled", None)
    if all(read_binding(text)[1] != port for text in connector["bindings"]):
        return ("other-port", None)
    bindings = [binding_at(connector, client, port, endpoint) for endpoint in endpoints]
    if all(binding is None for binding in bindings):
        return ("other-address", None)
    a_range = best_range(connector, client)
    if a_range is None:
        return ("no-range", None)
    if undecided is not None:
        return ("undecided", a_range["text"])
    if size_of(a_range) > winner["size"]:
        return ("wider-range", a_range["text"])
    speaking = bindings[-1] if endpoints[-1] == ELSEWHERE else bindings[0]
    if winner["exact"] and speaking is not None and not speaking[0]:
        return ("any-address", a_range["text"])
    return ("name-order", a_range["text"])
