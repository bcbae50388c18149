"""Judging a message that a script sends: a session from one of the servers to one of them."""

from relaysim.engine.decide import evaluate
from relaysim.model.connector import AuthMechanism
from relaysim.model.decision import Decision
from relaysim.model.organization import Organization
from relaysim.model.outgoing import MailOutcome, OutgoingMail
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import Address, format_address, parse_address

__all__ = ["submit_mail", "what_is_missing"]

_MOST_PLACES = 400
_LOOPBACK = {"127.0.0.1": ("127.0.0.1",), "::1": ("::1",), "localhost": ("127.0.0.1", "::1")}


def submit_mail(organization: Organization, mail: OutgoingMail) -> MailOutcome:
    """Return what the mail server says to a message of a script.

    The client stands on the script's own server. Where its address, or the local address it
    connects to, is not known, all that it may be are tried: what all of them say alike is the
    answer.

    Without a credential and without TLS the client logs on as whoever runs the script, where the
    server offers integrated authentication, as the command does.

    Source: SENDMM.
    """
    target = _target(organization, mail)
    if target is None:
        return MailOutcome(known=False)
    ways = _ways(organization, target, mail)
    outcomes = {_outcome(target, mail, ip, local) for ip, local in ways}
    if len(outcomes) == 1:
        return outcomes.pop()
    if not outcomes:
        return MailOutcome(known=True, missing="the addresses of the server")
    missing = {one.missing for one in outcomes if one.missing}
    return MailOutcome(known=True, missing=min(missing, default="the addresses of the server"))


def _target(organization: Organization, mail: OutgoingMail) -> Organization | None:
    wanted = mail.server.strip().casefold()
    if wanted in _LOOPBACK:
        return organization.on(mail.home)
    for view in organization.one_by_one():
        names = {view.server.casefold(), view.full_name.casefold()}
        names |= {str(address) for address in view.only.addresses}
        if wanted in names:
            return view
    return None


def _ways(
    organization: Organization, target: Organization, mail: OutgoingMail
) -> list[tuple[Address, Address | None]]:
    """Return the client's addresses with the local addresses that may belong to them."""
    wanted = mail.server.strip().casefold()
    if wanted in _LOOPBACK:
        both = [parse_address(text) for text in _LOOPBACK[wanted]]
        ports = {
            socket.address.family
            for connector in target.connectors
            for socket in connector.bindings
            if socket.port == mail.port
        }
        return [(address, address) for address in both if address.family in ports] or [
            (both[0], both[0])
        ]
    home = organization.on(mail.home).only
    locals_: list[Address | None] = [*target.only.addresses]
    if home.addresses:
        pairs = [(ip, local) for ip in home.addresses for local in locals_ or [None]]
        same = [pair for pair in pairs if pair[1] is None or pair[0].family == pair[1].family]
        if home.name == target.server:
            same = [pair for pair in same if pair[1] is None or pair[0] == pair[1]]
        return same
    return [(ip, None) for ip in _places(target)]


def _places(target: Organization) -> list[Address]:
    """Return one address of each part of the address space that the ranges make."""
    starts: set[tuple[int, int]] = {(4, 0x01000000)}
    for connector in target.connectors:
        for entry in connector.remote_ip_ranges:
            interval = entry.interval
            starts.add((interval.family, interval.low))
            if interval.high + 1 < 1 << (32 if interval.family == 4 else 128):
                starts.add((interval.family, interval.high + 1))
    if len(starts) > _MOST_PLACES:
        return []
    return [parse_address(format_address(family, value)) for family, value in sorted(starts)]


def _outcome(
    target: Organization, mail: OutgoingMail, ip: Address, local: Address | None
) -> MailOutcome:
    session = Session(
        ip=ip,
        local_ip=local,
        port=mail.port,
        tls=mail.tls,
        mail_from=mail.sender,
        rcpt_to=mail.recipients,
        auth=AuthKind.USER if mail.user else AuthKind.NONE,
        user=mail.user or None,
    )
    decision = evaluate(target, session)
    connector = decision.connector
    if connector is not None and mail.tls and AuthMechanism.TLS not in connector.auth_mechanism:
        return MailOutcome(known=True, reply="no STARTTLS")
    integrated = connector is not None and AuthMechanism.INTEGRATED in connector.auth_mechanism
    if integrated and not (mail.user or mail.tls or mail.anonymous):
        return _outcome(target, mail._replace(user=mail.account), ip, local)
    return _read(decision)


def _read(decision: Decision) -> MailOutcome:
    missing = what_is_missing(decision)
    if missing:
        return MailOutcome(known=True, missing=missing)
    if decision.refusal is not None:
        return MailOutcome(known=True, reply=decision.refusal.reply or "no connection")
    return MailOutcome(known=True)


def what_is_missing(decision: Decision) -> str:
    """Return the fact that is missing to tell whether a message is taken, ``""`` when none is."""
    if decision.undecided is not None:
        return decision.undecided.text
    facts = [each.fact for each in decision.missing if "refusal" in each.affects]
    return "; ".join(facts)
