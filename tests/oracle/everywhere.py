"""Chapter 7: everybody, on every endpoint and with and without TLS.

Quantifiers, and nothing else: each question is the plain one about a point.
"""

from tests.oracle.addresses import read_binding, unmap
from tests.oracle.definition import decide


def endpoints_for(organization, client):
    """Return (local address, port) of every socket that clients of an address's family can mean.

    The any-address stands for every local address that nobody is bound to by itself.
    """
    found = []
    for connector in organization["connectors"]:
        if not connector["enabled"]:
            continue
        for text in connector["bindings"]:
            address, port = read_binding(text)
            if address.version == unmap(client).version and (str(address), port) not in found:
                found.append((str(address), port))
    return found


def everywhere(organization, session, client):
    """Return what the point says for a client, by (local address, port, TLS)."""
    return {
        (local, port, tls): decide(
            organization,
            session | {"ip": str(client), "local_ip": local, "port": port, "tls": tls},
        )
        for local, port in endpoints_for(organization, client)
        for tls in (False, True)
    }


def may_somewhere(organization, session, client, answer):
    """Tell whether an answer is yes for a client on some endpoint in some TLS state."""
    said = everywhere(organization, session, client)
    return any(each["answers"][answer][0] for each in said.values())
