"""Where a check is asked: the ports, local addresses and TLS states it ranges over."""

from collections.abc import Iterator
from typing import NamedTuple

from relaysim.analysis.endpoints import Narrowing, endpoints, spots
from relaysim.errors import Problem
from relaysim.lean import replace
from relaysim.model.organization import Organization, find_server
from relaysim.net.address import BITS, Address
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import whole
from relaysim.scenario.reading.schema import Check, CheckQuestion, CheckShape

__all__ = ["AskedShape", "asked_shapes", "narrow_question"]

_WIDE = 1 << 16


class AskedShape(NamedTuple):
    """One session shape of a question, and whose it is.

    Attributes:
        shape: Everything but the client's address.
        addresses: The addresses it is asked about; never empty.
    """

    shape: CheckShape
    addresses: AddressSet


class _AskedSocket(NamedTuple):
    port: int
    local_ip: Address | None
    families: tuple[int, ...] = tuple(BITS)


def asked_shapes(question: CheckQuestion, organization: Organization) -> Iterator[AskedShape]:
    """Yield every session shape that a question asks about, with the addresses it asks it of.

    With every local address, each endpoint is asked about the addresses of its own family; an
    address of a family without any endpoint is asked all the same, and is refused.

    Raises:
        UnknownName: There is no server of a name that is asked.
    """
    every = question.addresses
    of_family = {family: every & AddressSet([whole(family)]) for family in BITS}
    for server, asked in _servers(question, organization):
        for port, local_ip, families in _places(question, asked):
            parts = [of_family[family] for family in families]
            addresses = every if len(parts) == len(BITS) else parts[0]
            if addresses:
                for tls in question.states:
                    for shape in question.shapes():
                        there = replace(shape, server=server, port=port, local_ip=local_ip, tls=tls)
                        yield AskedShape(there, addresses)


def _servers(
    question: CheckQuestion, organization: Organization
) -> Iterator[tuple[str | None, Organization]]:
    """Yield the servers that are asked one by one, or all together without a name."""
    named = question.servers
    found = [find_server(organization, name).name for name in named or ()]
    if len(organization.servers) == 1 or named is None:
        yield None, organization
        return
    for each in organization.one_by_one():
        if not found or each.server in found:
            yield each.server, each


def _places(question: CheckQuestion, organization: Organization) -> Iterator[_AskedSocket]:
    ports, locals_ = question.ports, question.locals
    if locals_ == ():
        for spot in spots(endpoints(organization, Narrowing(ports=ports))):
            if spot.alone:
                families = tuple(each.address.family for each in spot.endpoints)
                yield _AskedSocket(spot.port, spot.address, families)
            else:
                for each in spot.endpoints:
                    yield _AskedSocket(each.port, each.address, (each.address.family,))
        return
    known = ports or tuple(dict.fromkeys(e.port for e in endpoints(organization, Narrowing())))
    for port in known:
        for local_ip in (None,) if locals_ is None else locals_:
            yield _AskedSocket(port, local_ip)


def narrow_question(check: Check) -> Problem | None:
    """Return a remark on a negative expectation of many addresses that asks port 25 alone.

    Somebody who expects that a whole network may not relay mostly means on any port.
    """
    question, expect = check
    if question.is_about_everybody or question.port is not None or expect is None:
        return None
    negative = [key for key, value in expect.facts if value is False or value == "denied"]
    count = question.addresses.size
    if not negative or count <= _WIDE:
        return None
    tls = "" if question.tls is not None else " without TLS"
    return Problem(
        f"`{negative[0]} = false` is asked of {count:,} addresses on port 25{tls} only",
        hint='`port = "any", local_ip = "any", tls = "any"` asks it on every endpoint; '
        "`port = 25` says that 25 is meant",
    )
