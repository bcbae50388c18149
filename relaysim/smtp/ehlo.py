"""What EHLO announces: keywords by version, role and mechanism, in the order servers print them."""

from relaysim.engine.identity import basic_offered
from relaysim.model.connector import AuthMechanism, ReceiveConnector, SizeMode
from relaysim.model.decision import Assumption
from relaysim.model.organization import Organization
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = ["ehlo_assumptions", "ehlo_keywords", "exps_words", "offered_mechanisms"]


def offered_mechanisms(connector: ReceiveConnector, *, tls: bool) -> tuple[str, ...]:
    """Return what stands after AUTH, in the printed order; empty when AUTH is not offered.

    PLAIN was never seen on a server of the organization's own.

    Source: NM145, MSMTP11, JM242, NEWRC.
    """
    if connector.externally_secured:
        return ()
    words = []
    if AuthMechanism.INTEGRATED in connector.auth_mechanism:
        if connector.enable_auth_gssapi:
            words.append("GSSAPI")
        words.append("NTLM")
    if basic_offered(connector, tls=tls):
        words.append("LOGIN")
    return tuple(words)


def exps_words(
    organization: Organization, connector: ReceiveConnector, *, anonymous_tls: bool = False
) -> tuple[str, ...]:
    """Return what stands after X-EXPS; empty when it is not offered.

    An Edge is in no domain and offers no Kerberos. After X-ANONYMOUSTLS one more is offered.

    Source: TELNET16, LUND, JM242.
    """
    if connector.externally_secured:
        return ("NTLM",) if organization.exchange is ExchangeVersion.V2007 else ()
    if AuthMechanism.EXCHANGE_SERVER not in connector.auth_mechanism:
        return ()
    offered = ("NTLM",) if organization.role is ServerRole.EDGE else ("GSSAPI", "NTLM")
    return ("EXCHANGEAUTH", *offered) if anonymous_tls else offered


def ehlo_keywords(
    organization: Organization,
    connector: ReceiveConnector,
    *,
    tls: bool,
    anonymous_tls: bool = False,
) -> tuple[str, ...]:
    """Return the keywords of a connector before or after STARTTLS, each with its words.

    STARTTLS and X-ANONYMOUSTLS disappear once the session is encrypted.

    Source: TELNET16, PLOGX, NM145, DS37, QA1193037, JM242, JMD17, LUND, MSMTP11, HIB24, MSEHLO13,
    LORE10, DOKU24.
    """
    words = _plain_words(connector)
    if not tls:
        words += _tls_words(organization, connector)
    mechanisms = offered_mechanisms(connector, tls=tls)
    secured_words = _is_old(organization) and connector.externally_secured
    if mechanisms:
        words.append("AUTH " + " ".join(mechanisms))
    elif secured_words or (_is_old(organization) and _waits_for_tls(connector, tls=tls)):
        words.append("AUTH")
    exps = exps_words(organization, connector, anonymous_tls=anonymous_tls)
    if exps:
        words.append("X-EXPS " + " ".join(exps))
        if anonymous_tls:
            words.append("X-EXCHANGEAUTH SHA256")
    for offered, word in (
        (connector.eight_bit_mime_enabled, "8BITMIME"),
        (connector.binary_mime_enabled, "BINARYMIME"),
        (connector.chunking_enabled, "CHUNKING"),
        ((_servers(connector) or secured_words) and not connector.is_front_end, "XEXCH50"),
        (_utf8_offered(organization, connector), "SMTPUTF8"),
    ):
        if offered:
            words.append(word)
    return tuple(words + _server_words(organization, connector))


def _is_old(organization: Organization) -> bool:
    return organization.exchange <= ExchangeVersion.V2010


def _waits_for_tls(connector: ReceiveConnector, *, tls: bool) -> bool:
    """Tell whether AUTH is offered, but nothing before TLS: older servers print an empty list."""
    return not offered_mechanisms(connector, tls=tls) and bool(
        offered_mechanisms(connector, tls=True)
    )


def _servers(connector: ReceiveConnector) -> bool:
    return (
        AuthMechanism.EXCHANGE_SERVER in connector.auth_mechanism
        and not connector.externally_secured
    )


def _utf8_offered(organization: Organization, connector: ReceiveConnector) -> bool:
    return connector.smtp_utf8_enabled and organization.exchange >= ExchangeVersion.V2019


def _plain_words(connector: ReceiveConnector) -> list[str]:
    words: list[str] = []
    match connector.size_enabled:
        case SizeMode.ENABLED:
            words.append(f"SIZE {connector.max_message_size}")
        case SizeMode.ENABLED_WITHOUT_VALUE:
            words.append("SIZE")
        case SizeMode.DISABLED:
            pass
    if connector.pipelining_enabled:
        words.append("PIPELINING")
    if connector.delivery_status_notification_enabled:
        words.append("DSN")
    if connector.enhanced_status_codes_enabled:
        words.append("ENHANCEDSTATUSCODES")
    return words


def _tls_words(organization: Organization, connector: ReceiveConnector) -> list[str]:
    words = []
    if AuthMechanism.TLS in connector.auth_mechanism:
        words.append("STARTTLS")
    secured_2007 = connector.externally_secured and organization.exchange is ExchangeVersion.V2007
    if (_servers(connector) or secured_2007) and not connector.suppress_x_anonymous_tls:
        words.append("X-ANONYMOUSTLS")
    return words


def _server_words(organization: Organization, connector: ReceiveConnector) -> list[str]:
    """Return the last keywords, meant for other Exchange servers."""
    exchange = organization.exchange
    edge = organization.role is ServerRole.EDGE
    if connector.externally_secured:
        return ["XSHADOW"] if exchange is ExchangeVersion.V2010 else []
    if not _servers(connector) or exchange is ExchangeVersion.V2007:
        return []
    words = [] if edge else ["XRDST"]
    if not connector.is_front_end:
        words.append("XSHADOW" if edge or not exchange.has_front_end else "XSHADOWREQUEST")
    return words


def ehlo_assumptions(
    organization: Organization, connector: ReceiveConnector
) -> tuple[Assumption, ...]:
    """Return what the keywords of a connector rest on beyond what was seen."""
    found = []
    exchange = organization.exchange
    if _utf8_offered(organization, connector):
        text = "SMTPUTF8 is offered from 2019 on: some servers of 2019 were seen without it"
        found.append(Assumption("D-4", text, ()))
    if connector.externally_secured and exchange <= ExchangeVersion.V2010:
        text = "an externally secured connector of 2007 and 2010 prints AUTH without a mechanism"
        found.append(Assumption("D-4", text, ()))
    elif not _is_old(organization) and _waits_for_tls(connector, tls=False):
        text = "from 2013 on no AUTH is printed where the only mechanism waits for TLS"
        found.append(Assumption("I-3b", text, ()))
    elif _servers(connector) and not connector.is_front_end and exchange >= ExchangeVersion.V2016:
        text = "a back-end connector from 2016 on prints the server keywords of 2013"
        found.append(Assumption("D-4", text, ()))
    return tuple(found)
