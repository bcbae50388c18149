"""Questions about every address, for programs: who may do a thing, and who gets what."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from relaysim.analysis.endpoints import Endpoint, Narrowing, Surface, endpoints, layers_at
from relaysim.analysis.partition import Outcome
from relaysim.analysis.reach import Reach, reaches, told, ways
from relaysim.errors import InvalidInput, UnknownName, closest
from relaysim.lean import field_names
from relaysim.model.decision import Answers
from relaysim.model.organization import Organization
from relaysim.model.session import AuthKind, Session, SessionShape, parse_auth
from relaysim.net.address import BITS, Address, parse_address
from relaysim.net.interval import Interval

__all__ = ["AddressRow", "map_addresses", "who_can"]

_NOBODY = Address(4, 0)
_USUAL = (AuthKind.NONE, AuthKind.USER)
_PLACE = ("port", "local_ip", "tls")


class AddressRow(NamedTuple):
    """A run of addresses that get the same, as long as it can be.

    Attributes:
        endpoint: Where they connect to.
        tls: Whether they issue STARTTLS.
        interval: The addresses.
        outcome: What each of them gets.
    """

    endpoint: Endpoint
    tls: bool
    interval: Interval
    outcome: Outcome


def who_can(
    organization: Organization,
    question: str,
    *,
    auth: str | AuthKind | Iterable[str | AuthKind] = _USUAL,
    port: int | Iterable[int] = (),
    local_ip: str | Address | Iterable[str | Address] = (),
    tls: bool | None = None,
) -> tuple[Reach, ...]:
    """Return every address from which a question is answered with yes, for each way to come.

    Args:
        organization: The servers.
        question: An answer of :class:`~relaysim.model.decision.Answers`, such as ``relay``;
            ``-`` and ``_`` are alike.
        auth: How clients identify themselves.
        port: Only these ports; every one that is bound when left out.
        local_ip: Only these addresses of the server; every endpoint when left out.
        tls: Only with, or only without STARTTLS; both when left out.

    Returns:
        What may be done and what is not known, grouped by way and by endpoints that answer alike.

    Raises:
        InvalidInput: No such question, or something that is nothing of the kind.

    >>> from relaysim import load
    >>> [str(part) for found in who_can(load("builtin:option-1"), "relay", auth="none")
    ...  for part in found.addresses]
    ['192.168.2.55-192.168.2.56']
    """
    name = question.strip().casefold().replace("-", "_")
    if name not in Answers._fields:
        near = closest(name, Answers._fields)
        raise UnknownName(
            f"unknown question `{question}`", hint=f"did you mean `{near}`?" if near else None
        )
    scope = _scope(port, local_ip, tls)
    surface = Surface(organization, endpoints(organization, scope))
    asked = ways(organization, _kinds(auth))
    shape = Session(ip=_NOBODY)
    return tuple(told(reaches(surface, shape, asked, name, families=tuple(BITS), states=scope.tls)))


def map_addresses(
    organization: Organization,
    *,
    auth: str | AuthKind = AuthKind.NONE,
    port: int | Iterable[int] = (),
    local_ip: str | Address | Iterable[str | Address] = (),
    tls: bool | None = None,
    **facts: Any,  # noqa: ANN401  # further fields of a session
) -> tuple[AddressRow, ...]:
    """Return what every address gets, on every endpoint and in every TLS state.

    Args:
        organization: The servers.
        auth: How clients identify themselves.
        port: As in :func:`who_can`, like the next ones.
        local_ip: Only these addresses of the server.
        tls: Only with, or only without STARTTLS.
        facts: Further fields of :class:`~relaysim.model.session.SessionShape`.

    Returns:
        Runs of addresses in order, one endpoint and TLS state after the other; of each they cover
        its whole address family, without the IPv4-mapped addresses, which repeat IPv4.

    Raises:
        InvalidInput: Something is nothing of the kind.

    >>> from relaysim import load
    >>> rows = map_addresses(load("builtin:option-2"), port=25, tls=False)
    >>> [str(row.interval) for row in rows if row.outcome.answers.relay]
    ['192.168.2.55-192.168.2.56']
    """
    known = set(field_names(SessionShape)) - set(_PLACE)
    for name in facts:
        if name not in known:
            raise UnknownName(f"unknown fact `{name}` (known: {', '.join(sorted(known))})")
    scope = _scope(port, local_ip, tls)
    surface = Surface(organization, endpoints(organization, scope))
    rows: list[AddressRow] = []
    for state in scope.tls:
        judged = surface.judge(Session(ip=_NOBODY, auth=_kind(auth), tls=state, **facts))
        for endpoint in surface.endpoints:
            rows += (
                AddressRow(endpoint, state, layer.interval, layer.outcomes[0])
                for layer in layers_at(endpoint, [judged])
            )
    return tuple(rows)


def _kind(auth: str | AuthKind) -> AuthKind:
    return auth if isinstance(auth, AuthKind) else parse_auth(auth)


def _kinds(auth: str | AuthKind | Iterable[str | AuthKind]) -> tuple[AuthKind, ...]:
    asked = (auth,) if isinstance(auth, str | AuthKind) else tuple(auth)
    return tuple(dict.fromkeys(map(_kind, asked)))


def _scope(
    port: int | Iterable[int],
    local_ip: str | Address | Iterable[str | Address],
    tls: bool | None,  # noqa: FBT001  # a state or none
) -> Narrowing:
    ports = (port,) if isinstance(port, int) else tuple(port)
    for each in ports:
        if type(each) is not int or not 1 <= each <= 65535:
            raise InvalidInput(f"`{each!r}` is no port (expected 1 to 65535)")
    if tls is not None and not isinstance(tls, bool):
        raise InvalidInput(f"expected True, False or None for tls, got `{tls!r}`")
    # An address is a tuple itself, of its family and number.
    single = isinstance(local_ip, str | Address)
    locals_ = (local_ip,) if single else tuple(local_ip)
    return Narrowing(
        ports=tuple(dict.fromkeys(ports)),
        local_ips=tuple(
            each if isinstance(each, Address) else parse_address(str(each)) for each in locals_
        ),
        tls=(False, True) if tls is None else (tls,),
    )
