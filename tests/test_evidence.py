"""Answers agree with what real servers were seen to do.

A case that cannot be expressed is listed with the reason, so a new case is noticed.
"""

from pathlib import Path

import pytest

from relaysim import AuthKind
from relaysim.builtin.fresh import fresh_server
from relaysim.config.exports import import_paths
from relaysim.errors import InvalidInput
from relaysim.management_shell import run
from relaysim.management_shell.running import rule_of
from relaysim.model.acl import Ace
from relaysim.model.connector import parse_mechanism
from relaysim.model.edit import change_server
from relaysim.model.principals import parse_principal
from relaysim.model.rights import parse_right
from relaysim.model.version import ExchangeVersion, ServerRole, parse_version
from relaysim.render.answers.check_view import group_names
from relaysim.replay import summarize
from tests import test_evidence_outcomes, test_evidence_shell
from tests.evidence_cases import (
    CASES,
    FOLDER,
    FOREIGN,
    OWN,
    ask,
    build,
    needs_evidence,
    reply_of,
    tokens,
)

pytestmark = needs_evidence

ELSEWHERE: dict[str, str] = {}
"""Cases that cannot be expressed, each with the reason."""


def test_every_case_is_compared_or_named():
    compared = {
        name.removeprefix("test_case_").replace("_", "-")
        for names in (globals(), vars(test_evidence_outcomes), vars(test_evidence_shell))
        for name in names
        if name.startswith("test_case_")
    }
    assert set(CASES) == compared | set(ELSEWHERE)


def test_case_plog_graylog_bots_2016():
    case = CASES["plog-graylog-bots-2016"]
    described = dict(case["connectors"][0], permission_groups="AnonymousUsers")
    described["auth_mechanism"] = "Tls, Integrated, BasicAuth, BasicAuthRequireTLS"
    organization = build(case | {"connectors": [described]}, "2010")
    decision = ask(organization, ip=case["session"]["ip"])
    assert decision.connector.name == case["observed"]["connector"]
    assert tokens(decision) == case["observed"]["session_permissions"]
    login = ask(organization, ip=case["session"]["ip"], auth=AuthKind.BASIC)
    assert login.refusal.reply == reply_of(case)


def test_case_plog_mwd_veeam_2024():
    case = CASES["plog-mwd-veeam-2024"]
    asked = case["session"]
    decision = ask(
        fresh_server(exchange=ExchangeVersion.V2019, server="EXCHANGE"),
        ip=asked["ip"],
        local_ip=asked["local_ip"],
        mail_from=asked["mail_from"],
        rcpt_to=(asked["rcpt_to"],),
    )
    assert decision.connector.name == case["observed"]["connector"]
    assert (decision.refusal is None) is case["observed"]["accepted"]


def test_case_plog_pfister_smtp_noauth():
    case = CASES["plog-pfister-smtp-noauth"]
    asked = case["session"]
    # The dump leaves the role out; the page says which of them the front end owns.
    front_end = [dict(c, transport_role="FrontendTransport") for c in case["connectors"]]
    decision = ask(
        build(case | {"connectors": front_end}, "2019"),
        ip=asked["ip"],
        local_ip=asked["local_ip"],
        mail_from=asked["mail_from"],
        rcpt_to=(OWN,),
    )
    assert decision.connector.name == case["observed"]["connector"]
    assert decision.refusal is None
    back_end = case["observed"]["message_tracking_connector"].split()[0]
    assert any(note.rule == "P-1" and back_end in note.text for note in decision.notes)


def test_case_smtp_practical365_2010_noanon_530():
    case = CASES["smtp-practical365-2010-noanon-530"]
    decision = ask(fresh_server(exchange=ExchangeVersion.V2010), rcpt_to=(OWN,))
    assert decision.refusal.reply == reply_of(case)
    assert decision.refusal.stage.value == case["observed"]["replies"][0]["at"]


def test_case_smtp_practical365_2010_anon_ext2local_ok():
    case = CASES["smtp-practical365-2010-anon-ext2local-ok"]
    connectors = [{"name": "Default", "permission_groups": "AnonymousUsers"}]
    organization = build(case | {"connectors": connectors}, "2010")
    decision = ask(organization, mail_from="someone@hotmail.com", rcpt_to=(OWN,))
    assert (decision.refusal is None) is case["observed"]["accepted"]


def test_case_smtp_requiretls_451():
    case = CASES["smtp-requiretls-451"]
    from dataclasses import replace

    server = fresh_server(exchange=ExchangeVersion.V2016)
    strict = change_server(
        server, connectors=tuple(replace(c, require_tls=c.is_front_end) for c in server.connectors)
    )
    assert ask(strict).refusal.reply == reply_of(case)
    by_port = case["observed"]["replies"][1]
    older = fresh_server(exchange=ExchangeVersion.V2013)
    assert ask(older, port=587).refusal.reply == f"{by_port['code']} {by_port['text']}"


def test_case_adp_1ask2_client_ex0():
    case = CASES["adp-1ask2-client-ex0"]
    described = dict(case["connectors"][0])
    dump = {ace["right"] for ace in described.pop("effective_aces")}
    expanded = build(case | {"connectors": [described]}, "2010")
    assert {ace.right.value for ace in expanded.connectors[0].acl} == dump
    decision = ask(expanded, port=587, auth=AuthKind.USER)
    held = {grant.right.value for grant in decision.rights if grant.granted}
    assert held == set(case["observed"]["authenticated_users_rights"])
    anonymous = ask(expanded, port=587)
    assert [g for g in anonymous.rights if g.granted] == case["observed"]["anonymous_rights"]


def test_case_adp_localized_principal():
    case = CASES["adp-localized-principal"]
    spellings = case["observed"]["principal_spellings"]
    assert {parse_principal(text, "CONTOSO").sid for text in spellings} == {"S-1-5-7"}


def test_case_conn_css_e19():
    case = CASES["conn-css-e19"]
    name = case["connectors"][0]["name"].removeprefix("Default ")
    fresh = fresh_server(exchange=ExchangeVersion.V2019, server=name)
    ours = {connector.name: connector for connector in fresh.connectors}
    assert len(ours) == case["observed"]["connector_count"]
    for described in case["connectors"]:
        connector = ours[described["name"]]
        assert set(map(str, connector.bindings)) == set(described["bindings"])
        assert list(map(str, connector.remote_ip_ranges)) == described["remote_ip_ranges"]
        mechanisms = {parse_mechanism(m) for m in described["auth_mechanism"].split(",")}
        assert connector.auth_mechanism == mechanisms
        assert ", ".join(group_names(fresh, connector)) == described["permission_groups"]
        assert connector.transport_role.value == described["transport_role"]
        assert connector.enable_auth_gssapi is described["enable_auth_gssapi"]


def test_case_conn_msqa_305565():
    case = CASES["conn-msqa-305565"]
    relay = Ace(parse_principal("ANONYMOUS LOGON", "CONTOSO"), parse_right("Any-Recipient"))
    organization = build(case, "2016", extra=[relay])
    shown = ", ".join(group_names(organization, organization.connectors[0]))
    assert shown == case["observed"]["permission_groups_after_extra_ace"]


def test_case_qa_305565_before_ace():
    case = CASES["qa-305565-before-ace"]
    decision = ask(build(case, "2016"), mail_from=FOREIGN, rcpt_to=(FOREIGN,))
    assert decision.connector.name == case["observed"]["connector"]
    assert decision.answers.relay.answer is case["observed"]["relay"]
    assert decision.refusal.reply == reply_of(case)
    assert decision.refusal.stage.value == case["observed"]["replies"][0]["at"]


def test_case_qa_timmcmic_anon():
    case = CASES["qa-timmcmic-anon"]
    for version in ("2010", "2013", "2016"):
        decision = ask(build(case, version))
        assert decision.auth_as.value == case["observed"]["auth_as"]
        assert decision.answers.resolve_p2.answer is case["observed"]["resolve_p2"]


def test_case_qa_308173_2010_hub_eod():
    case = CASES["qa-308173-2010-hub-eod"]
    decision = ask(build(case, "2010"), mail_from=FOREIGN, rcpt_to=(OWN,))
    assert (decision.refusal is None) is case["observed"]["accepted"]
    assert decision.refusal.reply == reply_of(case)
    assert case["observed"]["replies"][0]["at"] == "EOD"
    assert decision.refusal.stage.value == "end of data"


def test_case_qa_308173_2013_frontend_ignores():
    case = CASES["qa-308173-2013-frontend-ignores"]
    decision = ask(build(case, "2013"), mail_from=FOREIGN, rcpt_to=(FOREIGN,))
    assert (decision.refusal is None) is case["observed"]["accepted"]


def test_case_qa_msedge_a_anon_accepted_domain():
    case = CASES["qa-msedge-a-anon-accepted-domain"]
    edge = fresh_server(exchange=ExchangeVersion.SE, role=ServerRole.EDGE)
    decision = ask(edge, mail_from=FOREIGN, rcpt_to=(OWN,))
    assert (decision.refusal is None) is case["observed"]["accepted"]
    assert decision.auth_as.value == case["observed"]["auth_as"]


def test_case_qa_exchangepedia_2008_hub_auth_domain_sender():
    case = CASES["qa-exchangepedia-2008-hub-auth-domain-sender"]
    decision = ask(build(case, "2007"), mail_from=OWN, rcpt_to=(OWN,))
    assert (decision.refusal is None) is case["observed"]["accepted"]


def raw_lines(case):
    """The lines of a case's data, without the remarks about its source."""
    (name,) = case["raw"]
    lines = (Path(FOLDER or "") / name).read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_case_err_role_conflict():
    case = CASES["err-role-conflict"]
    text, exception = raw_lines(case)
    assert exception.endswith(case["observed"]["exception"])
    asked = "-Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.0.0.5 -TransportRole HubTransport"
    for version in ("2013", "2016"):
        before = fresh_server(exchange=parse_version(version), server="EXSRV2016")
        result = run(f"New-ReceiveConnector Relay {asked}", before)
        (error,) = result.errors
        assert bool(result.errors) is case["observed"]["refused"]
        assert result.organization == before
        # The first sentence is the one Exchange publishes, with the same connector in it.
        sentence = text[: text.index('".') + 2]
        assert case["connectors"][0]["name"] in sentence
        assert sentence in error.message


def test_case_err_officedocs_1566_external_needs_exchangeservers():
    case = CASES["err-officedocs-1566-external-needs-exchangeservers"]
    commands = [line.partition(" : ")[0].partition("   ")[0] for line in raw_lines(case)]
    external, replace_list, both = (
        command.replace("Set-ReceiveConnector", "Set-ReceiveConnector Relay")
        for command in commands
    )
    new = (
        "New-ReceiveConnector Relay -Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.0.0.5 "
        "-TransportRole FrontendTransport -PermissionGroups "
        + case["connectors"][0]["permission_groups"]
    )

    def shown(*lines):
        result = run("\n".join([new, *lines]), fresh_server(exchange=ExchangeVersion.V2016))
        rules = [rule_of(error) for error in result.errors]
        return rules, group_names(result.organization, result.organization.connectors[-1])

    rules, _ = shown(external)
    assert bool(rules) is case["observed"]["refused"]
    assert rules == ["V-1"]
    rules, groups = shown(replace_list)
    assert not rules
    assert ("AnonymousUsers" not in groups) is case["observed"]["set_replaces_list"]
    rules, groups = shown(both, external)
    assert not rules
    accepted = case["observed"]["accepted_combination"].partition(" with ")[0]
    assert sorted(groups) == sorted(accepted.split(", "))


def test_case_err_fqdn_exchangeserver_2007sp1():
    case = CASES["err-fqdn-exchangeserver-2007sp1"]
    server = fresh_server()
    set_it = "Set-ReceiveConnector 'Default EX01' -Fqdn"
    result = run(f"{set_it} mail.contoso.com", server)
    assert [rule_of(error) for error in result.errors] == ["V-5a"]
    assert bool(result.errors) is case["observed"]["refused"]
    for allowed in (server.full_name, server.server, "$null"):
        assert not run(f"{set_it} {allowed}", server).errors
    # Without ExchangeServer among the mechanisms any name will do.
    assert not run("Set-ReceiveConnector 'Client EX01' -Fqdn mail.contoso.com", server).errors


def test_the_list_of_a_connector_has_the_published_order():
    import xml.etree.ElementTree as ET

    case = CASES["conn-css-e19"]
    tree = ET.parse(Path(FOLDER or "") / case["raw"][0])  # noqa: S314 - a file of the evidence
    space = "{http://schemas.microsoft.com/powershell/2004/04}"
    published = [prop.get("N") for prop in tree.getroot().findall(f"{space}Obj[1]/{space}Props/*")]
    text = run(
        "Get-ReceiveConnector | select -First 1 | fl", fresh_server(exchange=ExchangeVersion.V2019)
    ).output
    ours = [line.partition(":")[0].strip() for line in text.strip().splitlines()]
    assert ours == published


def test_the_published_spellings_of_a_principal_are_taken_by_the_command():
    case = CASES["adp-localized-principal"]
    right = "ms-Exch-SMTP-Accept-Any-Recipient"
    for user in case["observed"]["principal_spellings"]:
        result = run(
            f"Add-ADPermission 'Default EX01' -User '{user}' -ExtendedRights {right}",
            fresh_server(),
        )
        (entry,) = set(result.organization.connectors[0].acl) - set(
            fresh_server().connectors[0].acl
        )
        assert entry.principal.sid == "S-1-5-7"


def imported(tmp_path, **texts):
    """Return what exports are read as, each the text of a file."""
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    return import_paths([str(tmp_path / f"{name}.txt") for name in texts]).organization


def test_case_conn_sammykrosoft_csv(tmp_path):
    case = CASES["conn-sammykrosoft-csv"]
    (connector,) = imported(tmp_path, csv="\n".join(raw_lines(case))).connectors
    (described,) = case["connectors"]
    assert connector.name == described["name"]
    assert connector.enabled is described["enabled"]
    assert connector.transport_role.value == described["transport_role"]
    assert list(map(str, connector.bindings)) == described["bindings"]
    assert list(map(str, connector.remote_ip_ranges)) == described["remote_ip_ranges"]
    assert connector.auth_mechanism == {parse_mechanism(described["auth_mechanism"])}
    assert connector.require_tls is described["require_tls"]
    # Shown with Custom: what its further entries are is in no column.
    assert "entries" in connector.unknown


def test_case_conn_ldap_attributes(tmp_path):
    case = CASES["conn-ldap-attributes"]
    (described,) = case["connectors"]
    # The excerpt leaves out where the object stands, which every entry of a directory begins with.
    above = "CN=SMTP Receive Connectors,CN=Protocols,CN=EX01,CN=Servers,DC=contoso,DC=com"
    text = f"dn: CN={described['name']},{above}\n" + "\n".join(raw_lines(case)).replace(";", "")
    (connector,) = imported(tmp_path, ldif=text).connectors
    assert connector.name == described["name"]
    assert list(map(str, connector.remote_ip_ranges)) == described["remote_ip_ranges"]


def test_case_adp_msqa_151739_duplicates(tmp_path):
    case = CASES["adp-msqa-151739-duplicates"]
    rows = [line for line in raw_lines(case) if line]
    assert (len(set(rows)) < len(rows)) is case["observed"]["duplicate_rows"]
    shown = "Identity : EX01\\Relay\n"
    entries = "".join(
        f"{shown}User : {user}\nDeny : False\nIsInherited : False\nExtendedRights : {right}\n\n"
        for user, _, right in (row.rpartition(" ") for row in rows)
    )
    connectors = f"{shown}Name : Relay\nBindings : {{0.0.0.0:25}}\nRemoteIPRanges : {{10.0.0.5}}\n"
    (connector,) = imported(tmp_path, connectors=connectors, entries=entries).connectors
    expected = {
        (parse_principal(ace["user"], "CONTOSO").sid, parse_right(ace["right"]), ace["deny"])
        for ace in case["connectors"][0]["effective_aces"]
    }
    assert {(ace.principal.sid, ace.right, ace.deny) for ace in connector.acl} == expected
    assert len(connector.acl) == len(expected)


def test_case_plog_sendlog_negative(tmp_path):
    text = "\n".join(raw_lines(CASES["plog-sendlog-negative"]))
    with pytest.raises(InvalidInput, match="no receive connector"):
        imported(tmp_path, log=text)
    summary = summarize([str(tmp_path / "log.txt")])
    assert not summary.shapes
