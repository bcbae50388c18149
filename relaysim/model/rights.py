"""The extended rights that matter to SMTP, their names, GUIDs and log tokens.

Source: RC16, TUPM1, PERM13, SCHEMA, GUIDS, SEND16.
"""

from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from relaysim.errors import UnknownName, closest
from relaysim.model.version import ExchangeVersion

__all__ = [
    "LOG_ORDER",
    "RECEIVE_RIGHTS",
    "RIGHT_FACTS",
    "Right",
    "RightFacts",
    "parse_right",
    "receive_rights",
    "right_named",
]


class Right(Enum):
    """An extended right, or one of the two entries that stand for many; the value is its name.

    ``ALL_EXTENDED_RIGHTS`` carries every extended right, ``FULL_CONTROL`` (GenericAll) too; both
    occur only in access control entries, never as an answer.
    """

    SUBMIT = "ms-Exch-SMTP-Submit"
    ACCEPT_ANY_RECIPIENT = "ms-Exch-SMTP-Accept-Any-Recipient"
    ACCEPT_ANY_SENDER = "ms-Exch-SMTP-Accept-Any-Sender"
    ACCEPT_AUTHORITATIVE_DOMAIN_SENDER = "ms-Exch-SMTP-Accept-Authoritative-Domain-Sender"
    ACCEPT_AUTHENTICATION_FLAG = "ms-Exch-SMTP-Accept-Authentication-Flag"
    BYPASS_ANTI_SPAM = "ms-Exch-Bypass-Anti-Spam"
    BYPASS_MESSAGE_SIZE_LIMIT = "ms-Exch-Bypass-Message-Size-Limit"
    ACCEPT_EXCH50 = "ms-Exch-SMTP-Accept-Exch50"
    ACCEPT_HEADERS_ROUTING = "ms-Exch-Accept-Headers-Routing"
    ACCEPT_HEADERS_ORGANIZATION = "ms-Exch-Accept-Headers-Organization"
    ACCEPT_HEADERS_FOREST = "ms-Exch-Accept-Headers-Forest"
    ACCEPT_XSHADOW = "ms-Exch-SMTP-Accept-XShadow"
    ACCEPT_XPROXYFROM = "ms-Exch-SMTP-Accept-XProxyFrom"
    ACCEPT_XSESSIONPARAMS = "ms-Exch-SMTP-Accept-XSessionParams"
    ACCEPT_XATTR = "ms-Exch-SMTP-Accept-XAttr"
    ACCEPT_XSYSPROBE = "ms-Exch-SMTP-Accept-XSysProbe"
    XMESSAGECONTEXT_ADRECIPIENTCACHE = "ms-Exch-SMTP-Send-XMessageContext-ADRecipientCache"
    XMESSAGECONTEXT_EXTENDEDPROPERTIES = "ms-Exch-SMTP-Send-XMessageContext-ExtendedProperties"
    XMESSAGECONTEXT_FASTINDEX = "ms-Exch-SMTP-Send-XMessageContext-FastIndex"
    SUBMIT_FOR_MLS = "ms-Exch-SMTP-Submit-For-MLS"
    SEND_AS = "Send-As"
    SEND_HEADERS_ROUTING = "ms-Exch-Send-Headers-Routing"
    SEND_HEADERS_ORGANIZATION = "ms-Exch-Send-Headers-Organization"
    SEND_HEADERS_FOREST = "ms-Exch-Send-Headers-Forest"
    SEND_EXCH50 = "ms-Exch-SMTP-Send-Exch50"
    SEND_XSHADOW = "ms-Exch-SMTP-Send-XShadow"
    ALL_EXTENDED_RIGHTS = "All-Extended-Rights"
    FULL_CONTROL = "GenericAll"

    __hash__ = object.__hash__  # identity: members are singletons, and this is on the hot path


class RightFacts(NamedTuple):
    """What is known of one right.

    Attributes:
        token: Its name in a protocol log's ``Set Session Permissions`` row, or ``None``.
        guid: ``rightsGuid`` in the directory, or ``None`` when none is published.
        display_name: Its name in the access control list editor, or ``None``.
        meaning: What it allows.
        without: What happens to a session that lacks it.
        since: The first version that knows it.
        receive: Whether it is asked for on receive connectors.
    """

    token: str | None
    guid: str | None
    display_name: str | None
    meaning: str
    without: str
    since: ExchangeVersion = ExchangeVersion.V2007
    receive: bool = True


_INTERNAL = "used between Exchange servers only"

RIGHT_FACTS: dict[Right, RightFacts] = {
    Right.SUBMIT: RightFacts(
        "SMTPSubmit",
        "a18293f1-0685-4540-aa63-e32df421b3a2",
        "Submit Messages to Server",
        "the session may submit messages at all",
        "MAIL FROM is refused, and AUTH fails even with the right password",
    ),
    Right.ACCEPT_ANY_RECIPIENT: RightFacts(
        "SMTPAcceptAnyRecipient",
        "5c82f031-4e4c-4326-88e1-8c4f0cad9de5",
        "Submit Messages to any Recipient",
        "the session may relay: recipients outside the accepted domains are taken",
        "RCPT TO is refused when the recipient's domain is no accepted domain",
    ),
    Right.ACCEPT_ANY_SENDER: RightFacts(
        "SMTPAcceptAnySender",
        "b857b50b-94a2-4b53-93f6-41cebd2fced0",
        "Accept Any Sender",
        "the session may use sender addresses outside the accepted domains",
        "such a sender is refused, unless a Front End connector serves an anonymous client",
    ),
    Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER: RightFacts(
        "SMTPAcceptAuthoritativeDomainSender",
        "c22841f4-96cb-498a-ac02-f9a87c74eb14",
        "Accept Authoritative Domain Sender",
        "the session may use any sender address in the authoritative domains",
        "such a sender is refused; an account may still use its own addresses",
    ),
    Right.ACCEPT_AUTHENTICATION_FLAG: RightFacts(
        "SMTPAcceptAuthenticationFlag",
        "1c75aca8-b56b-48b3-a021-858a29fa877b",
        "Accept Authentication Flag",
        "messages of a trusted server count as internal, so the sender is resolved",
        "the message counts as external, AUTH= of MAIL FROM is ignored",
    ),
    Right.BYPASS_ANTI_SPAM: RightFacts(
        "BypassAntiSpam",
        "d19299b4-86c2-4c9a-8fa7-acb70c63023a",
        "Bypass Anti-Spam",
        "the anti-spam agents skip the session",
        "the anti-spam agents, where installed, judge the message",
    ),
    Right.BYPASS_MESSAGE_SIZE_LIMIT: RightFacts(
        "BypassMessageSizeLimit",
        "6760cfc5-70f4-4ae8-bc39-9522d86ac69b",
        "Bypass Message Size Limit",
        "the connector's MaxMessageSize does not apply",
        "messages above the connector's MaxMessageSize are refused",
    ),
    Right.ACCEPT_EXCH50: RightFacts(
        "SMTPAcceptEXCH50",
        "e373fb21-d851-4d15-af23-982f09f2400b",
        "Accept EXCH50",
        "the XEXCH50 data of Exchange 2003 is taken",
        "XEXCH50 is refused",
    ),
    Right.ACCEPT_HEADERS_ROUTING: RightFacts(
        "AcceptRoutingHeaders",
        "04031f4f-7c36-43ea-9b49-4bd0f5f1e6af",
        "Accept Routing Headers",
        "Received: and Resent-*: headers are kept",
        "Received: and Resent-*: headers are removed",
    ),
    Right.ACCEPT_HEADERS_ORGANIZATION: RightFacts(
        "AcceptOrganizationHeaders",
        "c307dccd-6676-4d19-95c8-d1567fab9820",
        "Accept Organization Headers",
        "X-MS-Exchange-Organization-* headers are kept",
        "X-MS-Exchange-Organization-* headers are removed",
    ),
    Right.ACCEPT_HEADERS_FOREST: RightFacts(
        "AcceptForestHeaders",
        "a7a9ea66-e08c-4e23-8fe7-68c40e49c6c0",
        "Accept Forest Headers",
        "X-MS-Exchange-Forest-* headers are kept",
        "X-MS-Exchange-Forest-* headers are removed",
    ),
    Right.ACCEPT_XSHADOW: RightFacts(
        "SMTPAcceptXShadow",
        "811d004b-e2ed-4024-8953-0f0fb0612e47",
        "Accept XShadow",
        "shadow redundancy with this peer",
        _INTERNAL,
        ExchangeVersion.V2010,
    ),
    Right.ACCEPT_XPROXYFROM: RightFacts(
        "SMTPAcceptXProxyFrom",
        "5bee2b72-50d7-49c7-ba66-39a25daa1e92",
        "Accept XProxyFrom",
        "a Front End server may name the client it speaks for",
        _INTERNAL,
        ExchangeVersion.V2013,
    ),
    Right.ACCEPT_XSESSIONPARAMS: RightFacts(
        "SMTPAcceptXSessionParams",
        None,
        "Accept XSessionParams",
        "session parameters of a peer are taken",
        _INTERNAL,
        ExchangeVersion.V2013,
    ),
    Right.ACCEPT_XATTR: RightFacts(
        "SMTPAcceptXAttr",
        None,
        "Accept xAttr",
        "attributes of a peer are taken",
        _INTERNAL,
        ExchangeVersion.V2013,
    ),
    Right.ACCEPT_XSYSPROBE: RightFacts(
        "SMTPAcceptXSysProbe",
        None,
        "Accept XSysProbe",
        "system probes of a peer are taken",
        _INTERNAL,
        ExchangeVersion.V2013,
    ),
    Right.XMESSAGECONTEXT_ADRECIPIENTCACHE: RightFacts(
        "SMTPAcceptXMessageContextADRecipientCache",
        None,
        "Send XMessageContext ADRecipientCache",
        "the recipient cache of a peer is taken, although the name says Send",
        _INTERNAL,
        ExchangeVersion.V2013,
    ),
    Right.XMESSAGECONTEXT_EXTENDEDPROPERTIES: RightFacts(
        "SMTPAcceptXMessageContextExtendedProperties",
        None,
        "Send XMessageContext ExtendedProperties",
        "extended properties of a peer are taken, although the name says Send",
        _INTERNAL,
        ExchangeVersion.V2013,
    ),
    Right.XMESSAGECONTEXT_FASTINDEX: RightFacts(
        "SMTPAcceptXMessageContextFastIndex",
        None,
        "Send XMessageContext FastIndex",
        "the search index of a peer is taken, although the name says Send",
        _INTERNAL,
        ExchangeVersion.V2013,
    ),
    Right.SUBMIT_FOR_MLS: RightFacts(
        "SMTPSubmitForMLS",
        "8fc01282-006d-42b1-81e3-c0b46bed3754",
        None,
        "reserved; no permission group grants it",
        "nothing changes",
    ),
    Right.SEND_AS: RightFacts(
        "SendAs",
        "ab721a54-1e2f-11d0-9819-00aa0040529b",
        "Send As",
        "a right on a mailbox: its holder may use the mailbox's address as sender",
        "an account may use only its own addresses",
        receive=False,
    ),
    Right.SEND_HEADERS_ROUTING: RightFacts(
        "SendRoutingHeaders",
        "eb8c07ad-b5ad-49c3-831e-bc439cca4c2a",
        "Send Routing Headers",
        "send connectors: Received: headers are kept",
        "send connectors: Received: headers are removed",
        receive=False,
    ),
    Right.SEND_HEADERS_ORGANIZATION: RightFacts(
        "SendOrganizationHeaders",
        "2f7d0e23-f951-4ed0-8e71-39b6a22fa298",
        "Send Organization Headers",
        "send connectors: organization headers are kept",
        "send connectors: organization headers are removed",
        receive=False,
    ),
    Right.SEND_HEADERS_FOREST: RightFacts(
        "SendForestHeaders",
        "b3f9f977-552c-4ee6-9781-59280a81417b",
        "Send Forest Headers",
        "send connectors: forest headers are kept",
        "send connectors: forest headers are removed",
        receive=False,
    ),
    Right.SEND_EXCH50: RightFacts(
        "SMTPSendEXCH50",
        "11716db4-9647-4bce-8922-1f99e526cb41",
        "Send EXCH50",
        "send connectors: XEXCH50 data is sent",
        "send connectors: XEXCH50 data is not sent",
        receive=False,
    ),
    Right.SEND_XSHADOW: RightFacts(
        "SMTPSendXShadow",
        "5bc2acab-ad7d-4878-b6cd-3122a47c6a1c",
        "Send XShadow",
        "send connectors: shadow redundancy with this peer",
        _INTERNAL,
        ExchangeVersion.V2010,
        receive=False,
    ),
    Right.ALL_EXTENDED_RIGHTS: RightFacts(
        None, None, "All Extended Rights", "every extended right at once", "-", receive=False
    ),
    Right.FULL_CONTROL: RightFacts(
        None, None, "Full Control", "every right at once, the extended ones too", "-", receive=False
    ),
}

LOG_ORDER: tuple[Right, ...] = (
    Right.SUBMIT,
    Right.SUBMIT_FOR_MLS,
    Right.ACCEPT_ANY_RECIPIENT,
    Right.ACCEPT_AUTHENTICATION_FLAG,
    Right.ACCEPT_ANY_SENDER,
    Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER,
    Right.BYPASS_ANTI_SPAM,
    Right.BYPASS_MESSAGE_SIZE_LIMIT,
    Right.SEND_EXCH50,
    Right.ACCEPT_EXCH50,
    Right.ACCEPT_HEADERS_ROUTING,
    Right.ACCEPT_HEADERS_FOREST,
    Right.ACCEPT_HEADERS_ORGANIZATION,
    Right.SEND_HEADERS_ROUTING,
    Right.SEND_HEADERS_FOREST,
    Right.SEND_HEADERS_ORGANIZATION,
    Right.SEND_AS,
    Right.SEND_XSHADOW,
    Right.ACCEPT_XSHADOW,
    Right.ACCEPT_XPROXYFROM,
    Right.ACCEPT_XSESSIONPARAMS,
    Right.XMESSAGECONTEXT_ADRECIPIENTCACHE,
    Right.XMESSAGECONTEXT_EXTENDEDPROPERTIES,
    Right.XMESSAGECONTEXT_FASTINDEX,
    Right.ACCEPT_XATTR,
    Right.ACCEPT_XSYSPROBE,
)
"""The order of the tokens in a ``Set Session Permissions`` row. Observed for the anonymous
four, otherwise by flag value. Source: PLOG10, PLOGX, QA179653."""

RECEIVE_RIGHTS: tuple[Right, ...] = tuple(r for r, facts in RIGHT_FACTS.items() if facts.receive)
"""Every right asked for on a receive connector, in declaration order, all versions."""

_ALIASES = {
    # The article dropped "-Sender", and one Microsoft page prints the second form.
    "ms-exch-smtp-accept-authoritative-domain": Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER,
    "ms-exch-accept-exch50": Right.ACCEPT_EXCH50,
    "all extended rights": Right.ALL_EXTENDED_RIGHTS,
    "full control": Right.FULL_CONTROL,
    "fullcontrol": Right.FULL_CONTROL,
    "send as": Right.SEND_AS,
}
_BY_NAME = {right.value.casefold(): right for right in Right} | _ALIASES
_BY_VERSION: dict[ExchangeVersion, tuple[Right, ...]] = {}


def receive_rights(version: ExchangeVersion) -> tuple[Right, ...]:
    """Return the receive-side rights that a version knows, in declaration order."""
    found = _BY_VERSION.get(version)
    if found is None:
        found = tuple(r for r in RECEIVE_RIGHTS if RIGHT_FACTS[r].since <= version)
        _BY_VERSION[version] = found
    return found


def right_named(text: str) -> Right | None:
    """Return the right of exactly this name or alias, in any case, else ``None``.

    Source: SEED, RC16, RCPERM13 (aliases).

    >>> right_named("MS-EXCH-SMTP-SUBMIT") is Right.SUBMIT
    True
    """
    return _BY_NAME.get(text.strip().casefold())


@lru_cache(maxsize=1024)
def parse_right(text: str) -> Right:
    """Return the right named ``text``: full name, alias or unique prefix of either, in any case.

    Prefixes may leave ``ms-Exch-``, ``ms-Exch-SMTP-`` or ``ms-Exch-SMTP-Accept-`` out.

    Raises:
        UnknownName: No right or several; the message suggests the closest.

    >>> parse_right("any-rec")
    <Right.ACCEPT_ANY_RECIPIENT: 'ms-Exch-SMTP-Accept-Any-Recipient'>
    """
    wanted = text.strip().casefold()
    for start in ("", "ms-exch-smtp-", "ms-exch-"):
        # A whole name is meant even where it is the beginning of another one.
        exact = _BY_NAME.get(start + wanted)
        if exact is not None:
            return exact
    matches = {
        right
        for name, right in _BY_NAME.items()
        for start in ("", "ms-exch-", "ms-exch-smtp-", "ms-exch-smtp-accept-")
        if wanted and name.startswith(start + wanted)
    }
    if len(matches) == 1:
        return matches.pop()
    if matches:
        names = ", ".join(f"`{right.value}`" for right in Right if right in matches)
        raise UnknownName(f"`{text}` is the beginning of several rights", hint=f"one of {names}")
    # Compared without the prefix: sharing it is no likeness.
    short = {name.removeprefix("ms-exch-").removeprefix("smtp-"): name for name in _BY_NAME}
    cut = wanted.removeprefix("ms-exch-").removeprefix("smtp-")
    near = closest(cut, short)
    if near:
        hint = f"did you mean `{_BY_NAME[short[near]].value}`?"
    else:
        choices = (right.value.removeprefix("ms-Exch-").removeprefix("SMTP-") for right in Right)
        hint = f"one of {', '.join(choices)}"
    raise UnknownName(f"unknown right `{text}`", hint=hint)
