"""The comparison has teeth: a mistake planted in the engine is found, whichever it is.

Each mistake is a monkeypatch of one engine part. The search is bounded and repeats itself: the same
cases, drawn once without randomness, until one of them tells the engine from the oracle.
"""

from dataclasses import replace
from typing import Any

import pytest

from relaysim.engine import access, evaluate, identity, outcome, selection, senders, standing
from relaysim.engine.identity import IdentityKind
from relaysim.engine.standing import CommandCheck
from relaysim.errors import RelaysimError
from relaysim.model import rights
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism
from relaysim.model.decision import Answer, AuthAs, Reason, Stage
from relaysim.model.directory.domains import DomainTable, DomainType
from relaysim.model.edit import change_server
from relaysim.model.principals import ANONYMOUS_LOGON
from relaysim.model.rights import Right
from relaysim.net.notation import AddressRange
from tests import strategies
from tests.cases import differences, organization_of, said_by_engine, session_of
from tests.oracle import tables
from tests.oracle.definition import decide
from tests.strategies.cases import plain_connector, plain_organization, plain_session
from tests.strategies.sampling import sample

SELDOM = [
    # Anonymous clients hold the flag that makes a server's session internal.
    (
        plain_organization(
            [
                plain_connector(
                    "Default EX01",
                    permission_groups=["AnonymousUsers"],
                    acl=[
                        {
                            "principal": tables.ANONYMOUS,
                            "right": "ms-Exch-SMTP-Accept-Authentication-Flag",
                            "deny": False,
                            "inherited": False,
                        }
                    ],
                )
            ]
        ),
        plain_session(),
    ),
]
"""Cases that chance seldom makes."""


@pytest.fixture(scope="module")
def cases():
    """Return (organization, session, what the oracle says), the same ones every time."""
    kinds = [
        (strategies.plain_cases(), 300),
        (strategies.plain_selection_cases(), 200),
        (strategies.plain_message_cases(), 600),
        (strategies.plain_message_cases(proxied=True), 150),
    ]
    drawn = [sample(kind, number) for kind, count in kinds for number in range(count)]
    return [(*case, decide(*case)) for case in (*SELDOM, *drawn)]


def caught(cases):
    """Tell whether some case is answered differently, or not at all."""
    for organization, session, expected in cases:
        try:
            actual = said_by_engine(organization_of(organization), session_of(session))
        except RelaysimError:
            return True
        if differences(expected, actual):
            return True
    return False


def ranked_by(key):
    def plant(patch):
        patch.setattr(selection._Candidate, "rank", property(key))

    return plant


def contains(test):
    def plant(patch):
        patch.setattr(AddressRange, "contains", lambda self, address: test(self.interval, address))

    return plant


def widest_own_range(patch):
    def best(connector, client):
        matching = [entry for entry in connector.remote_ip_ranges if entry.contains(client)]
        return max(matching, key=lambda entry: entry.size, default=None)

    patch.setattr(selection, "_best_range", best)


def disabled_answer(patch):
    def select(organization, session):
        awake = tuple(replace(c, enabled=True) for c in organization.connectors)
        return selection.select(change_server(organization, connectors=awake), session)

    patch.setattr(evaluate, "select", select)


def undecided_is_guessed(rule):
    original = selection._undecided

    def undecided(endpoints, port):
        found = original(endpoints, port)
        return None if found is not None and found.rule == rule else found

    return lambda patch: patch.setattr(selection, "_undecided", undecided)


def entries(change):
    """Plant a change of the entries that the access check sees."""

    def plant(patch):
        def grants(organization, connector, principals):
            acl = tuple(ace for ace in connector.acl if change(ace))
            inherited = tuple(ace for ace in organization.inherited_aces if change(ace))
            return access.grants(
                replace(organization, inherited_aces=inherited),
                replace(connector, acl=acl),
                principals,
            )

        patch.setattr(standing, "grants", grants)

    return plant


def ordered(decides_first):
    """Plant another order: what these entries decide stands, whatever the others say."""

    def plant(patch):
        def grants(organization, connector, principals):
            first = tuple(ace for ace in connector.acl if decides_first(ace))
            inherited = tuple(ace for ace in organization.inherited_aces if decides_first(ace))
            early = access.grants(
                replace(organization, inherited_aces=inherited),
                replace(connector, acl=first),
                principals,
            )
            late = access.grants(organization, connector, principals)
            pairs = zip(early, late, strict=True)
            return tuple(one if one.ace is not None else other for one, other in pairs)

        patch.setattr(standing, "grants", grants)

    return plant


def identified(change):
    """Plant a change of the identity."""

    def plant(patch):
        def identify(organization, connector, session):
            return change(identity.identify(organization, connector, session))

        patch.setattr(evaluate, "identify", identify)

    return plant


def accounts_are_anonymous_too(found):
    if found.kind is not IdentityKind.ACCOUNT or not found.principals:
        return found
    return found._replace(principals=(*found.principals, ANONYMOUS_LOGON))


def groups_forgotten(found):
    if found.account is None:
        return found
    kept = tuple(p for p in found.principals if p not in found.account.groups)
    return found._replace(principals=kept)


def externally_secured_ignored(patch):
    def identify(organization, connector, session):
        plain = connector.auth_mechanism - {AuthMechanism.EXTERNAL_AUTHORITATIVE}
        return identity.identify(organization, replace(connector, auth_mechanism=plain), session)

    patch.setattr(evaluate, "identify", identify)


def basic_without_tls(patch):
    def offered(connector, *, tls):
        return tls in (True, False) and AuthMechanism.BASIC_AUTH in connector.auth_mechanism

    patch.setattr(identity, "basic_offered", offered)


def regarded(change):
    def plant(patch):
        def auth_as(stand):
            found, assumptions = outcome.auth_as(stand)
            return change(stand, found), assumptions

        patch.setattr(evaluate, "auth_as", auth_as)

    return plant


def flag_ignored(stand, found):
    servers = (IdentityKind.SERVER, IdentityKind.EXTERNALLY_SECURED)
    return AuthAs.INTERNAL if stand.identity.kind in servers else found


def flag_makes_anonymous_internal(stand, found):
    held = stand.is_anonymous and stand.holds(Right.ACCEPT_AUTHENTICATION_FLAG)
    return AuthAs.INTERNAL if held else found


def relay_without_submit(patch):
    def relay(stand, submit):
        grant = stand.grant(Right.ACCEPT_ANY_RECIPIENT)
        del submit
        return Answer(grant.granted, grant.because, "O-2", Right.ACCEPT_ANY_RECIPIENT)

    patch.setattr(outcome, "_relay", relay)


def null_sender_refused(patch):
    def check(stand, envelope, header):
        return senders.check_content(stand, envelope or "nobody@contoso.com", header)

    patch.setattr(evaluate, "check_content", check)


def senders_judged_at_mail_from(patch):
    def check(stand):
        found = outcome.check_submit(stand)
        if found.refusal is not None or asked[-1].mail_from is None:
            return found
        judged = senders.check_content(stand, asked[-1].mail_from, None)
        refused = judged.refusal
        return judged._replace(refusal=refused and refused._replace(stage=Stage.MAIL_FROM))

    def message(stand, session):
        asked.append(session)
        return original(stand, session)

    asked: list[Any] = []
    original = evaluate._message
    patch.setattr(evaluate, "_message", message)
    patch.setattr(evaluate, "check_submit", check)


def senders_judged_at_rcpt_to(patch):
    def message(stand, session):
        found = original(stand, session)
        refused = found.refusal
        if refused is None or refused.rule not in ("O-7", "O-7b") or not session.rcpt_to:
            return found
        return found._replace(refusal=refused._replace(stage=Stage.RCPT_TO))

    original = evaluate._message
    patch.setattr(evaluate, "_message", message)


def relay_domains_are_authoritative(patch):
    def classify(organization, domain):
        found = standing.classify_sender(organization, domain)
        return found and DomainType.AUTHORITATIVE

    patch.setattr(senders, "classify_sender", classify)


def sends_as_nobody(found):
    account = found.account
    return found if account is None else found._replace(account=replace(account, send_as=()))


def every_computer_has_a_mailbox(found):
    computer = found.account is not None and found.account.name.name.endswith("$")
    return found._replace(account=None) if computer else found


def partners_need_no_domain_security(patch):
    def identify(organization, connector, session):
        trusting = replace(connector, domain_secure_enabled=True)
        return identity.identify(organization, trusting, session)

    patch.setattr(evaluate, "identify", identify)


def sender_words_of_2016(patch):
    original = senders.sender_reply
    words = "550 5.7.60 SMTP; Client does not have permissions to send as this sender"
    patch.setattr(senders, "sender_reply", lambda s: original(s) if s.is_anonymous else words)


def logon_without_submit_is_told_apart(patch):
    refused = identity.submit_refusal()._replace(reply="550 5.7.1 Client may not submit")
    patch.setattr(evaluate, "submit_refusal", lambda: refused)


def sender_of_the_envelope_not_checked(patch):
    def check(stand, envelope, header):
        found = header if header is not None else envelope
        return senders.check_content(stand, None, found or None)

    patch.setattr(evaluate, "check_content", check)


def size_limit_too_low(patch):
    def check(stand, size, stage):
        return outcome.check_size(stand, None if size is None else size + 1, stage)

    patch.setattr(evaluate, "check_size", check)


def size_always_at_mail_from(patch):
    def check(stand, size, stage):
        found = outcome.check_size(stand, size, Stage.END_OF_DATA)
        return found._replace(stage=stage) if found is not None else None

    patch.setattr(evaluate, "check_size", check)


def one_recipient_more(patch):
    def check(stand, recipient, taken):
        return outcome.check_recipient(stand, recipient, taken - 1)

    patch.setattr(evaluate, "check_recipient", check)


def header_not_checked(patch):
    def check(stand, envelope, header):
        del header
        return senders.check_content(stand, envelope, None)

    patch.setattr(evaluate, "check_content", check)


def tls_not_required(patch):
    def check(stand):
        found = outcome.check_submit(stand)
        required = found.refusal is not None and found.refusal.because is Reason.TLS_REQUIRED
        return CommandCheck() if required else found

    patch.setattr(evaluate, "check_submit", check)


def sub_domains_always(patch):
    original = DomainTable.matching

    def matching(self, domain):
        dots = (place for place, letter in enumerate(domain) if letter == ".")
        above = [found for dot in dots for found in original(self, domain[dot + 1 :])]
        return original(self, domain) + above

    patch.setattr(DomainTable, "matching", matching)


def alias_unknown(patch):
    # What was parsed before is remembered.
    rights.parse_right.cache_clear()
    patch.delitem(rights._BY_NAME, "ms-exch-accept-exch50")


def full_control_carries_nothing(patch):
    original = Ace.carries

    def carries(self, right):
        return self.right is not Right.FULL_CONTROL and original(self, right)

    patch.setattr(Ace, "carries", carries)


def replies_of_2007(patch):
    patch.setattr(outcome, "relay_reply", lambda _: "550 5.7.1 Unable to relay")


MISTAKES = {
    "the widest range wins": ranked_by(lambda c: (-c.range.size, c.binding.is_any)),
    "a connector competes with its widest range": widest_own_range,
    "an any-address binding beats an exact one": ranked_by(
        lambda c: (c.range.size, not c.binding.is_any, c.connector.name.casefold())
    ),
    "the order of connectors decides a tie": ranked_by(lambda c: (c.range.size, c.binding.is_any)),
    "an exact binding beats a narrower range": ranked_by(
        lambda c: (c.binding.is_any, c.range.size, c.connector.name.casefold())
    ),
    "ranges begin one address late": contains(
        lambda i, a: a.family == i.family and i.low < a.value <= i.high
    ),
    "ranges begin one address early": contains(
        lambda i, a: a.family == i.family and i.low - 1 <= a.value <= i.high
    ),
    "ranges end one address early": contains(
        lambda i, a: a.family == i.family and i.low <= a.value < i.high
    ),
    "ranges end one address late": contains(
        lambda i, a: a.family == i.family and i.low <= a.value <= i.high + 1
    ),
    "an IPv4-mapped client is IPv6": lambda patch: patch.setattr(selection, "unmap", lambda a: a),
    "disabled connectors answer": disabled_answer,
    "an unknown local address is guessed": undecided_is_guessed("S-7"),
    "two services on one endpoint are fine": undecided_is_guessed("P-4"),
    "deny entries are ignored": entries(lambda ace: not ace.deny),
    "inherited entries are ignored": entries(lambda ace: not ace.inherited),
    "inherited entries decide before explicit ones": ordered(lambda ace: ace.inherited),
    "allow decides before deny": ordered(lambda ace: not ace.deny and not ace.inherited),
    "deny always decides, inherited too": ordered(lambda ace: ace.deny),
    "full control carries no extended right": full_control_carries_nothing,
    "an alias of a right is unknown": alias_unknown,
    "groups are not named as a source": lambda patch: patch.setattr(
        access, "ace_source", lambda _organization, _shown, _ace: "connector ACE"
    ),
    "accounts are anonymous as well": identified(accounts_are_anonymous_too),
    "the groups of an account are forgotten": identified(groups_forgotten),
    "Externally Secured is ignored": externally_secured_ignored,
    "BasicAuthRequireTLS is ignored": basic_without_tls,
    "the authentication flag is ignored": regarded(flag_ignored),
    "the flag makes anonymous clients internal": regarded(flag_makes_anonymous_internal),
    "accounts on an Edge are internal": lambda patch: patch.setattr(
        standing.AuthenticatedSession, "account_on_edge", property(lambda _: False)
    ),
    "relay needs no Submit": relay_without_submit,
    "RequireTLS is ignored at MAIL FROM": tls_not_required,
    "the null sender is refused": null_sender_refused,
    "the From header is not checked": header_not_checked,
    "a missing back end does not matter": lambda patch: patch.setattr(
        senders, "check_back_end", lambda _: CommandCheck()
    ),
    "the front end judges the senders of accounts": lambda patch: patch.setattr(
        senders, "_judging", lambda stand: stand
    ),
    "a sender is judged at MAIL FROM": senders_judged_at_mail_from,
    "a sender is judged at RCPT TO": senders_judged_at_rcpt_to,
    "senders in relay domains need a right": relay_domains_are_authoritative,
    "Send As does not count": identified(sends_as_nobody),
    "a computer account may have addresses": identified(every_computer_has_a_mailbox),
    "partners need no DomainSecureEnabled": partners_need_no_domain_security,
    "a sender is refused in the words of 2016": sender_words_of_2016,
    "anonymous mail is refused in the words of 2007": lambda patch: patch.setattr(
        outcome, "NO_ANONYMOUS_MAIL", outcome.NOT_AUTHENTICATED
    ),
    "a logon without Submit is not like a wrong password": logon_without_submit_is_told_apart,
    "the envelope sender is not checked": sender_of_the_envelope_not_checked,
    "a front end enforces sender rights": lambda patch: patch.setattr(
        standing.AuthenticatedSession, "front_end_ignores_senders", property(lambda _: False)
    ),
    "a message of exactly the limit is too large": size_limit_too_low,
    "the size is judged at MAIL FROM without SIZE": size_always_at_mail_from,
    "one recipient more is taken": one_recipient_more,
    "every accepted domain has sub-domains": sub_domains_always,
    "replies are those of 2007": replies_of_2007,
}


def test_without_a_mistake_nothing_is_caught(cases):
    assert not caught(cases)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_comparison_catches(mistake, cases, monkeypatch):
    MISTAKES[mistake](monkeypatch)
    assert caught(cases), f"no case tells that {mistake}"
