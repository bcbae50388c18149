"""Outcomes that administrators and clients of real servers reported agree with the engine.

What a report leaves out has neutral values; where its version is not told, every version that
prints its words is asked.
"""

from dataclasses import replace

import pytest

from relaysim import AuthKind
from relaysim.builtin.fresh import fresh_server
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism
from relaysim.model.edit import change_server
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import Account
from relaysim.model.principals import parse_principal
from relaysim.model.rights import parse_right
from relaysim.model.version import ExchangeVersion, ServerRole, parse_version
from relaysim.smtp.authentication import TOKEN, encode
from relaysim.smtp.dialogue import play
from relaysim.smtp.record import Client, SmtpStage
from tests.evidence_cases import CASES, CLIENT, FOREIGN, OWN, ask, build, needs_evidence, reply_of

pytestmark = needs_evidence

ACCOUNT = Account(name=parse_principal("CONTOSO\\app", "CONTOSO"), addresses=("app@contoso.com",))
OLDER = ("2007", "2010", "2013")
NEWER = ("2016", "2019", "SE")
ALL = frozenset(
    {
        AuthMechanism.TLS,
        AuthMechanism.INTEGRATED,
        AuthMechanism.BASIC_AUTH,
        AuthMechanism.EXCHANGE_SERVER,
    }
)


def fresh(version, **changes):
    """Return a server as setup leaves it that knows one account."""
    organization = replace(fresh_server(exchange=parse_version(version)), accounts=(ACCOUNT,))
    if not changes:
        return organization
    connectors = tuple(replace(one, **changes) for one in organization.connectors)
    return change_server(organization, connectors=connectors)


def said(organization, *lines, **client):
    """Return the last exchange of a session."""
    from relaysim import parse_address

    return play(organization, Client(ip=parse_address(CLIENT), **client), lines).exchanges[-1]


def account_asks(version, **session):
    return ask(
        fresh(version), port=587, tls=True, auth=AuthKind.USER, user="CONTOSO\\app", **session
    )


@pytest.mark.parametrize("version", NEWER)
def test_case_t2_bookstack4423_57(version):
    case = CASES["t2-bookstack4423-57"]
    decision = ask(fresh(version), port=case["session"]["port"], mail_from=FOREIGN)
    assert decision.refusal.reply == reply_of(case)
    assert decision.refusal.stage.value == case["observed"]["replies"][0]["at"]


def test_case_t2_sharepoint_clientproxy_ace():
    case = CASES["t2-sharepoint-clientproxy-ace"]
    organization = fresh("2016")
    colleague = {"mail_from": "boss@contoso.com", "rcpt_to": (OWN,), "auth": AuthKind.USER}
    asked = {"port": case["session"]["port"], "tls": True, "user": "CONTOSO\\app"} | colleague
    assert ask(organization, **asked).refusal is not None
    rights = case["connectors"][0]["extra_aces"][0].removeprefix("account: ").split(", ")
    held = tuple(Ace(ACCOUNT.name, parse_right(right)) for right in rights)

    def granted(prefix):
        return change_server(
            organization,
            connectors=tuple(
                replace(c, acl=c.acl + held) if c.name.startswith(prefix) else c
                for c in organization.connectors
            ),
        )

    decision = ask(granted(case["connectors"][0]["name"]), **asked)
    assert (decision.refusal is None) is case["observed"]["accepted"]
    # The page names that connector because the same entries on the front end do nothing.
    assert ask(granted("Client Frontend"), **asked).refusal is not None


@pytest.mark.parametrize("version", NEWER)
def test_case_t2_swiftmailer1258(version):
    case = CASES["t2-swiftmailer1258"]
    decision = account_asks(version, mail_from=case["session"]["mail_from"], rcpt_to=(OWN,))
    assert decision.refusal.reply == reply_of(case)
    assert decision.refusal.stage.value == "end of data"


@pytest.mark.parametrize("version", OLDER)
def test_case_t2_ssrs_datastop(version):
    case = CASES["t2-ssrs-datastop"]
    decision = account_asks(version, mail_from="boss@contoso.com", rcpt_to=(OWN,))
    (reply,) = case["observed"]["replies"]
    assert decision.refusal.reply == f"{reply['code'].translate({40: '', 41: ''})} {reply['text']}"
    assert decision.refusal.stage.value == "end of data"


@pytest.mark.parametrize("version", ["2016", "2019"])
def test_case_t2_officedocs381(version):
    case = CASES["t2-officedocs381"]
    asked = {"port": 25, "tls": True, "auth": AuthKind.BASIC, "user": "CONTOSO\\app"}
    asked |= {"mail_from": "app@contoso.com", "rcpt_to": (OWN,)}
    organization = fresh(version)
    users = organization.entries_of(PermissionGroup.EXCHANGE_USERS)
    organization = change_server(
        organization,
        connectors=tuple(
            replace(c, acl=c.acl + users) if c.name.startswith("Default Frontend") else c
            for c in organization.connectors
        ),
    )
    assert ask(organization, **asked).refusal is None
    removed = next(c["name"] for c in case["connectors"] if c.get("removed"))
    kept = tuple(c for c in organization.connectors if not c.name.startswith(removed))
    decision = ask(change_server(organization, connectors=kept), **asked)
    assert (decision.refusal is None) is case["observed"]["accepted"]
    assert [a.rule for a in decision.assumptions if "refusal" in a.affects] == ["P-2"]


@pytest.mark.parametrize("version", ["2010", "2016"])
def test_case_t2_puregold_domain_user(version):
    # Which forms of a name a directory takes is not modelled: one it does not know is refused so.
    case = CASES["t2-puregold-domain-user"]
    lines = ["EHLO a", "STARTTLS", "EHLO a", "AUTH LOGIN", encode("app@contoso.com"), encode("x")]
    port = case["session"]["port"]
    wrong = said(fresh(version), *lines, port=port, password_right=False)
    assert wrong.reply == (reply_of(case),)
    assert wrong.moment.value == case["observed"]["replies"][0]["at"]
    lines[4] = encode("CONTOSO\\app")
    assert said(fresh(version), *lines, port=port).code == 235


def test_case_t2_velog_edge_nogroups():
    case = CASES["t2-velog-edge-nogroups"]
    described = dict(case["connectors"][0], name="Relay", permission_groups="AnonymousUsers")
    for key in ("bindings", "remote_ip_ranges"):
        described[key] = [described[key]]
    user, _, right = case["connectors"][0]["extra_aces"][0].partition(": ")
    extra = [Ace(parse_principal(user, "CONTOSO"), parse_right(right))]
    asked = {"ip": case["session"]["ip"], "mail_from": OWN, "rcpt_to": (FOREIGN,)}
    edge = {"role": ServerRole.EDGE, "extra": extra}
    # Which groups the author's connector had in the end is not told; without any it takes nothing.
    with_group = ask(build(case | {"connectors": [described]}, "2019", **edge), **asked)
    assert with_group.refusal is None
    alone = dict(described, permission_groups="")
    without = ask(build(case | {"connectors": [alone]}, "2019", **edge), **asked)
    assert without.refusal.rule == "O-1"


def test_case_t2_nodemailer189():
    case = CASES["t2-nodemailer189"]
    organization = fresh("2010", auth_mechanism=ALL - {AuthMechanism.TLS, AuthMechanism.BASIC_AUTH})
    announced = said(organization, "EHLO a").reply[1:]
    # The page prints the list on one line and without the numbers.
    words = " ".join(line[4:] for line in announced).split()
    assert [word for word in words if not word.isdigit()] == case["observed"]["ehlo"].split()
    refused = said(organization, "EHLO a", f"AUTH {case['session']['auth_mechanism']} AGEAYg==")
    assert refused.reply == (reply_of(case),)


def test_case_t2_dokuwiki24():
    case = CASES["t2-dokuwiki24"]
    organization = fresh(
        "2010",
        auth_mechanism=ALL - {AuthMechanism.TLS},
        binary_mime_enabled=case["connectors"][0]["binary_mime"],
        chunking_enabled=case["connectors"][0]["chunking"],
    )
    words = {line[4:] for line in said(organization, "EHLO a").reply}
    assert words.isdisjoint({"STARTTLS", "BINARYMIME", "CHUNKING"})
    assert said(organization, "EHLO a", "STARTTLS").reply == (reply_of(case),)


@pytest.mark.parametrize("version", ["2013", "2016", "2019", "SE"])
def test_case_t2_mailkit582_587(version):
    case = CASES["t2-mailkit582-587"]
    port = case["session"]["port"]
    announced = said(fresh(version), "EHLO a", "STARTTLS", "EHLO a", port=port).reply
    assert f"250-AUTH {case['observed']['auth_offer_after_tls']}" in announced


@pytest.mark.parametrize("version", OLDER)
def test_case_t2_servolutions_530(version):
    case = CASES["t2-servolutions-530"]
    organization = fresh(version)
    closed = change_server(
        organization, connectors=tuple(replace(c, acl=()) for c in organization.connectors)
    )
    decision = ask(closed, port=case["session"]["port"], mail_from=FOREIGN, rcpt_to=(OWN,))
    assert decision.refusal.reply == reply_of(case)
    assert decision.refusal.stage.value == case["observed"]["replies"][0]["at"]
    ticked = organization.entries_of(PermissionGroup.ANONYMOUS_USERS)
    opened = change_server(
        organization, connectors=tuple(replace(c, acl=ticked) for c in organization.connectors)
    )
    assert ask(opened, mail_from=FOREIGN, rcpt_to=(OWN,)).refusal is None


def test_case_t2_jp2008_edge_451():
    case = CASES["t2-jp2008-edge-451"]
    described = dict(case["connectors"][0], name="Default")
    organization = build(case | {"connectors": [described]}, "2007", role=ServerRole.EDGE)
    decision = ask(organization, auth=AuthKind.EXCHANGE, rcpt_to=(OWN,))
    assert decision.refusal.reply == reply_of(case)
    assert (decision.refusal is None) is case["observed"]["accepted"]


@pytest.mark.parametrize("version", ["2013", "2016", "2019", "SE"])
def test_case_t2_wggenweb68(version):
    case = CASES["t2-wggenweb68"]
    offer = f"AUTH {case['session']['auth_mechanism']}"
    lines = ["EHLO a", "STARTTLS", "EHLO a", offer, encode("app"), encode("wrong")]
    assert said(fresh(version), *lines, password_right=False).reply == (reply_of(case),)


def test_case_t2_poshmon197():
    case = CASES["t2-poshmon197"]
    sender = {"mail_from": "nobody@contoso.com", "rcpt_to": (OWN,)}
    decision = account_asks("2010", **sender)
    assert (decision.refusal is None) is case["observed"]["accepted"]
    (reply,) = case["observed"]["replies"]
    assert decision.refusal.reply == f"550 {reply['code']} {reply['text']}"
    # With wrong credentials the client goes on as nobody, and mail is taken where nobody may.
    organization = fresh("2010")
    anonymous = organization.entries_of(PermissionGroup.ANONYMOUS_USERS)
    organization = change_server(
        organization,
        connectors=tuple(replace(c, acl=c.acl + anonymous) for c in organization.connectors),
    )
    lines = ["EHLO a", "AUTH NTLM", TOKEN, TOKEN, f"MAIL FROM:<{sender['mail_from']}>"]
    lines += [f"RCPT TO:<{OWN}>", "DATA", "", "."]
    assert said(organization, *lines[:4], password_right=False).code == 535
    last = said(organization, *lines, password_right=False)
    assert (last.moment, last.code) == (SmtpStage.END_OF_DATA, 250)


def test_case_t2_ssmtp2009():
    case = CASES["t2-ssmtp2009"]
    command = f"AUTH {case['session']['auth_mechanism']}"
    assert said(fresh("2007"), "EHLO a", command).reply == (reply_of(case),)


def test_case_t2_rutips2010():
    case = CASES["t2-rutips2010"]
    names = {name.strip() for name in case["connectors"][0]["auth_mechanism"].split(",")}
    after = frozenset(one for one in AuthMechanism if one.value in names)
    before = after | {AuthMechanism.BASIC_AUTH_REQUIRE_TLS}
    command = f"AUTH {case['session']['auth_mechanism']}"
    refused = said(fresh("2010", auth_mechanism=before), "EHLO a", command)
    assert refused.reply == (reply_of(case),)
    assert said(fresh("2010", auth_mechanism=after), "EHLO a", command).code == 334


def test_case_t2_postfix2011():
    case = CASES["t2-postfix2011"]
    organization = fresh("2010")
    anonymous = organization.entries_of(PermissionGroup.ANONYMOUS_USERS)
    organization = change_server(
        organization, connectors=tuple(replace(c, acl=anonymous) for c in organization.connectors)
    )
    decision = ask(organization, mail_from="", rcpt_to=(FOREIGN,))
    assert decision.answers.relay.answer is case["observed"]["relay"]
    assert decision.refusal.reply == reply_of(case)
    assert decision.refusal.stage.value == case["observed"]["replies"][0]["at"]


def test_case_t2_officedocs2019_size():
    case = CASES["t2-officedocs2019-size"]
    decision = account_asks("2016", mail_from="app@contoso.com", rcpt_to=(OWN,), size=1 << 40)
    assert (decision.refusal is None) is case["observed"]["accepted"]
    assert decision.refusal.rule == "O-12"


def test_case_t2b_phpmailer3021_starttls_500():
    case = CASES["t2b-phpmailer3021-starttls-500"]
    port = case["session"]["port"]
    organization = fresh(
        "2019",
        auth_mechanism=frozenset({AuthMechanism.INTEGRATED}),
        enable_auth_gssapi=True,
        max_message_size=37748736,
    )
    announced = said(organization, "EHLO a", port=port).reply[1:]
    assert [line[4:] for line in announced] == case["observed"]["ehlo"]
    (reply,) = case["observed"]["replies"]
    expected = f"{reply['code'].partition(' (')[0]} {reply['text']}"
    for version in NEWER:
        organization = fresh(version, auth_mechanism=frozenset({AuthMechanism.INTEGRATED}))
        assert said(organization, "EHLO a", "STARTTLS", port=port).reply == (expected,)


@pytest.mark.parametrize("version", ["2007", "2010"])
def test_case_smtp_nodemailer_145_sendas(version):
    case = CASES["smtp-nodemailer-145-sendas"]
    offers = [
        next(line for line in said(fresh(version), *lines, port=587).reply if "AUTH" in line)
        for lines in (["EHLO a"], ["EHLO a", "STARTTLS", "EHLO a"])
    ]
    expected = ("auth_offered_before_tls", "auth_offered_after_tls")
    assert offers == [f"250-AUTH {' '.join(case['observed'][key])}" for key in expected]
    decision = account_asks(version, mail_from=FOREIGN, rcpt_to=(OWN,))
    assert (decision.refusal is None) is case["observed"]["accepted"]
    assert decision.refusal.reply == reply_of(case)


def test_case_t2_hybrid_acceptcloud():
    case = CASES["t2-hybrid-acceptcloud"]
    described = case["connectors"][0]
    organization = fresh("2016")
    kept = (("TlsDomainCapabilities", f"{{{described['tls_domain_capabilities']}}}"),)
    organization = change_server(
        organization,
        connectors=tuple(
            replace(c, unmodelled=kept) if c.name.startswith(described["name"]) else c
            for c in organization.connectors
        ),
    )
    asked = {"tls": True, "mail_from": FOREIGN, "rcpt_to": (OWN,)}
    certificate = case["session"]["note"].rpartition(" ")[2]
    decision = ask(organization, cert=certificate, **asked)
    assert decision.connector.name.startswith(case["observed"]["connector"])
    assert decision.auth_as.value == case["observed"]["auth_as"]
    # Without the certificate named, whether it is shown is not known: open, never a plain no.
    unsaid = ask(organization, **asked)
    assert (unsaid.auth_as, unsaid.answers.resolve_p2.answer) == (None, None)
    assert ask(organization, cert="mail.example.net", **asked).auth_as.value == "Anonymous"


def test_a_case_is_asked_of_a_version_that_prints_its_words():
    assert {*OLDER, *NEWER} == {version.value for version in ExchangeVersion}
