"""EHLO announces what real servers were seen to announce, in their order.

Each case names its public source (docs/sources.md) and sets only what the source tells or what
its list implies; everything else is as setup leaves it.
"""

from dataclasses import replace

import pytest

from relaysim.builtin import builtin
from relaysim.builtin.fresh import fresh_server
from relaysim.model.connector import AuthMechanism, ReceiveConnector, SizeMode
from relaysim.model.organization import Organization, find_connector
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.smtp.ehlo import ehlo_keywords, offered_mechanisms

TLS, INTEGRATED = AuthMechanism.TLS, AuthMechanism.INTEGRATED
BASIC, BASIC_TLS = AuthMechanism.BASIC_AUTH, AuthMechanism.BASIC_AUTH_REQUIRE_TLS
SERVERS, SECURED = AuthMechanism.EXCHANGE_SERVER, AuthMechanism.EXTERNAL_AUTHORITATIVE
MB = 1 << 20


def server(version: str, role: ServerRole = ServerRole.HUB) -> Organization:
    return fresh_server(exchange=ExchangeVersion(version), role=role)


def connector(organization: Organization, name: str, **changes) -> ReceiveConnector:
    return replace(find_connector(organization, name), **changes)


def announced(version, name, *, tls=False, role=ServerRole.HUB, **changes):
    organization = server(version, role)
    return ehlo_keywords(organization, connector(organization, name, **changes), tls=tls)


PLAIN = ("PIPELINING", "DSN", "ENHANCEDSTATUSCODES")
BODY = ("8BITMIME", "BINARYMIME", "CHUNKING")

CASES = [
    pytest.param(
        announced("2016", "Default Frontend"),
        (
            "SIZE 37748736",
            *PLAIN,
            "STARTTLS",
            "X-ANONYMOUSTLS",
            "AUTH NTLM",
            "X-EXPS GSSAPI NTLM",
            *BODY,
            "XRDST",
        ),
        id="TELNET16-2016-default-frontend",
    ),
    pytest.param(
        announced("2019", "Default Frontend", smtp_utf8_enabled=False),
        (
            "SIZE 37748736",
            *PLAIN,
            "STARTTLS",
            "X-ANONYMOUSTLS",
            "AUTH NTLM",
            "X-EXPS GSSAPI NTLM",
            *BODY,
            "XRDST",
        ),
        id="MSMTP11-2019-before-starttls",
    ),
    pytest.param(
        announced("2019", "Default Frontend", smtp_utf8_enabled=False, tls=True),
        ("SIZE 37748736", *PLAIN, "AUTH NTLM LOGIN", "X-EXPS GSSAPI NTLM", *BODY, "XRDST"),
        id="MSMTP11-2019-after-starttls",
    ),
    pytest.param(
        announced("2019", "Default Frontend"),
        (
            "SIZE 37748736",
            *PLAIN,
            "STARTTLS",
            "X-ANONYMOUSTLS",
            "AUTH NTLM",
            "X-EXPS GSSAPI NTLM",
            *BODY,
            "SMTPUTF8",
            "XRDST",
        ),
        id="HIB24-with-smtputf8",
    ),
    pytest.param(
        announced("2019", "Default Frontend", auth_mechanism=frozenset({TLS})),
        ("SIZE 37748736", *PLAIN, "STARTTLS", *BODY, "SMTPUTF8"),
        id="QA1193037-2019-tls-only",
    ),
    pytest.param(
        announced(
            "2010",
            "Default",
            auth_mechanism=frozenset({TLS, INTEGRATED, BASIC, BASIC_TLS}),
        ),
        ("SIZE", *PLAIN, "STARTTLS", "AUTH NTLM", *BODY),
        id="PLOGX-2010-without-exchange-server",
    ),
    pytest.param(
        announced("2010", "Default"),
        (
            "SIZE",
            *PLAIN,
            "STARTTLS",
            "X-ANONYMOUSTLS",
            "AUTH NTLM",
            "X-EXPS GSSAPI NTLM",
            *BODY,
            "XEXCH50",
            "XRDST",
            "XSHADOW",
        ),
        id="LORE10-2010-default",
    ),
    pytest.param(
        announced(
            "2010",
            "Default",
            auth_mechanism=frozenset({INTEGRATED, SERVERS}),
            binary_mime_enabled=False,
            chunking_enabled=False,
        ),
        (
            "SIZE",
            *PLAIN,
            "X-ANONYMOUSTLS",
            "AUTH NTLM",
            "X-EXPS GSSAPI NTLM",
            "8BITMIME",
            "XEXCH50",
            "XRDST",
            "XSHADOW",
        ),
        id="DOKU24-2010-no-starttls",
    ),
    pytest.param(
        announced("2013", "Default EX01"),
        (
            "SIZE",
            *PLAIN,
            "STARTTLS",
            "X-ANONYMOUSTLS",
            "AUTH NTLM",
            "X-EXPS GSSAPI NTLM",
            *BODY,
            "XEXCH50",
            "XRDST",
            "XSHADOWREQUEST",
        ),
        id="MSEHLO13-2013-back-end",
    ),
    pytest.param(
        announced("2013", "Client Frontend", tls=True),
        ("SIZE 36700160", *PLAIN, "AUTH GSSAPI NTLM LOGIN", *BODY),
        id="DS37-2013-client-frontend-after-starttls",
    ),
    pytest.param(
        announced("2013", "Default internal", role=ServerRole.EDGE, max_message_size=36 * MB),
        (
            "SIZE 37748736",
            *PLAIN,
            "STARTTLS",
            "X-ANONYMOUSTLS",
            "X-EXPS NTLM",
            *BODY,
            "XEXCH50",
            "XSHADOW",
        ),
        id="LUND-edge-before-starttls",
    ),
    pytest.param(
        announced(
            "2013", "Default internal", role=ServerRole.EDGE, max_message_size=36 * MB, tls=True
        ),
        ("SIZE 37748736", *PLAIN, "X-EXPS NTLM", *BODY, "XEXCH50", "XSHADOW"),
        id="LUND-edge-after-starttls",
    ),
    pytest.param(
        announced(
            "2010",
            "Default",
            auth_mechanism=frozenset({SECURED}),
            size_enabled=SizeMode.ENABLED,
            max_message_size=20 * MB,
        ),
        ("SIZE 20971520", *PLAIN, "AUTH", *BODY, "XEXCH50", "XSHADOW"),
        id="JMD17-2010-bare-auth",
    ),
]


@pytest.mark.parametrize(("actual", "expected"), CASES)
def test_keywords_are_those_seen_and_in_their_order(actual, expected):
    assert actual == expected


def test_client_connector_offers_login_only_after_starttls():
    """Source: NM145, ASK10."""
    organization = server("2010")
    client = connector(organization, "Client EX01")
    assert offered_mechanisms(client, tls=False) == ("GSSAPI", "NTLM")
    assert offered_mechanisms(client, tls=True) == ("GSSAPI", "NTLM", "LOGIN")


def test_externally_secured_2007_prints_an_empty_auth_and_x_exps_ntlm_in_the_seen_order():
    """Source: JM242. The list there is cut, so only its order is compared."""
    organization = builtin("option-1")
    keywords = ehlo_keywords(organization, find_connector(organization, "CRM"), tls=False)
    seen = ["X-ANONYMOUSTLS", "AUTH", "X-EXPS NTLM", "XEXCH50"]
    assert [word for word in keywords if word in seen] == seen


def test_externally_secured_2016_prints_no_auth_at_all():
    """Source: JM242."""
    organization = server("2016")
    secured = connector(organization, "Default Frontend", auth_mechanism=frozenset({TLS, SECURED}))
    assert not any(
        word.startswith(("AUTH", "X-EXPS"))
        for word in ehlo_keywords(organization, secured, tls=False)
    )


def test_login_is_offered_at_once_without_basic_auth_require_tls():
    organization = server("2016")
    plain = connector(
        organization, "Default Frontend", auth_mechanism=frozenset({TLS, INTEGRATED, BASIC})
    )
    assert "AUTH NTLM LOGIN" in ehlo_keywords(organization, plain, tls=False)


@pytest.mark.parametrize("mode", SizeMode)
def test_size_keyword_follows_size_enabled(mode):
    sizes = [w for w in announced("2016", "Default Frontend", size_enabled=mode) if "SIZE" in w]
    expected = {
        SizeMode.ENABLED: ["SIZE 37748736"],
        SizeMode.ENABLED_WITHOUT_VALUE: ["SIZE"],
        SizeMode.DISABLED: [],
    }
    assert sizes == expected[mode]


def test_suppress_x_anonymous_tls_hides_only_that_keyword():
    plain = announced("2016", "Default Frontend")
    hidden = announced("2016", "Default Frontend", suppress_x_anonymous_tls=True)
    assert set(plain) - set(hidden) == {"X-ANONYMOUSTLS"}


@pytest.mark.parametrize("version", ExchangeVersion)
def test_no_keyword_is_announced_twice(version):
    organization = fresh_server(exchange=version)
    for each in organization.connectors:
        for tls in (False, True):
            words = [w.partition(" ")[0] for w in ehlo_keywords(organization, each, tls=tls)]
            assert len(words) == len(set(words))
