"""What an import concludes from outputs in awkward shapes."""

import zipfile

import pytest

from relaysim.config.exports import import_paths
from relaysim.errors import InvalidInput
from relaysim.importers.assembly.organization import assemble
from relaysim.importers.reading import read_bytes

RELAY = r"""
Identity         : EX01\Relay
Enabled          : True
Bindings         : {0.0.0.0:25}
RemoteIPRanges   : {10.0.5.0/24}
PermissionGroups : AnonymousUsers, Custom
AuthMechanism    : Tls
TransportRole    : FrontendTransport
"""
PATH = (
    "CN=Relay,CN=SMTP Receive Connectors,CN=Protocols,CN=EX01,CN=Servers,"
    "CN=Exchange Administrative Group (FYDIBOHF23SPDLT),CN=Administrative Groups,"
    "CN=First Organization,CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=com"
)


def concluded(*texts, **options):
    files = [
        read_bytes(text if isinstance(text, bytes) else text.encode(), name=f"input-{number}")
        for number, text in enumerate(texts, 1)
    ]
    return assemble(files, **options)


def only(*texts, **options):
    (facts,) = concluded(*texts, **options).connectors
    return facts


def ranges(facts):
    return [str(one) for one in facts.told("remote_ip_ranges")]


def kinds(imported):
    return {remark.kind for remark in imported.remarks}


def entries(facts):
    return {(ace.principal.name, ace.right.value, ace.deny, ace.inherited) for ace in facts.listed}


def test_a_list_squeezed_over_several_lines_is_read_as_one():
    facts = only(
        "RunspaceId : 5c3f AuthMechanism : Tls, Integrated, BasicAuth, BasicAuthRequireTLS,\n"
        "ExchangeServer Banner : BinaryMimeEnabled : True Bindings : {[::]:25, 0.0.0.0:25}\n"
        "Comment : for the scanner, keep Enabled : True PermissionGroups : AnonymousUsers,\n"
        "ExchangeServers RemoteIPRanges : {10.0.5.0/24, 10.0.6.1} Server : EX01 Name : Relay "
        "Identity : EX01\\Relay\n"
    )
    assert facts.title == "EX01\\Relay"
    assert ranges(facts) == ["10.0.5.0/24", "10.0.6.1"]
    assert [group.value for group in facts.groups] == ["AnonymousUsers", "ExchangeServers"]
    assert len(facts.told("auth_mechanism")) == 5


@pytest.mark.parametrize(
    "prompt", ["[PS] C:\\>", "PS C:\\> ", "C:\\> ", "[PS] C:\\Windows\\system32>"]
)
def test_the_command_names_a_connector_whose_output_does_not(prompt):
    command = f'{prompt}Get-ReceiveConnector "EX01\\Relay" | fl Bindings,RemoteIPRanges\n\n'
    facts = only(command + "Bindings       : {0.0.0.0:25}\nRemoteIPRanges : {10.0.5.0/24}\n")
    assert facts.title == "EX01\\Relay"
    assert not facts.unnamed


def test_the_command_names_the_server_of_a_connector_whose_output_has_only_its_name():
    command = '[PS] C:\\>Get-ReceiveConnector "EX01\\Relay" | fl Name,Bindings\n\n'
    assert only(command + "Name     : Relay\nBindings : {0.0.0.0:25}\n").title == "EX01\\Relay"
    assert only(command + "Name     : Other\nBindings : {0.0.0.0:25}\n").title == "Other"


TABLE = (
    "[PS] C:\\>Get-ReceiveConnector | ft Name,Enabled,RemoteIPRanges\n\n"
    "Name                 Enabled RemoteIPRanges\n"
    "----                 ------- --------------\n"
    "Default Frontend E...    True {::-ffff:ffff:ffff:...\n"
    "Relay                    True {10.0.5.0/24}\n"
)


def test_a_connector_whose_name_was_cut_is_not_forgotten():
    imported = concluded(TABLE)
    assert [facts.unnamed for facts in imported.connectors] == [False, True]
    assert "truncated" in kinds(imported)


def test_a_cut_name_of_a_connector_that_is_told_whole_adds_none():
    whole = RELAY.replace("Relay", "Relay for scanners")
    table = (
        "\nName      Enabled RemoteIPRanges\n----      ------- --------------\n"
        "Relay f...    True {10.0.5.0/24}\n"
    )
    facts = only(whole, table)
    assert facts.name == "Relay for scanners"


def test_entries_beyond_the_groups_of_a_connector_without_custom_are_said():
    listing = "".join(
        f"Identity : EX01\\Relay\nUser : NT AUTHORITY\\ANONYMOUS LOGON\n"
        f"ExtendedRights : {{{right}}}\nDeny : False\nIsInherited : False\n\n"
        for right in (
            "ms-Exch-SMTP-Submit",
            "ms-Exch-SMTP-Accept-Any-Sender",
            "ms-Exch-SMTP-Accept-Authoritative-Domain-Sender",
            "ms-Exch-Accept-Headers-Routing",
            "ms-Exch-SMTP-Accept-Any-Recipient",
        )
    )
    imported = concluded(RELAY.replace(", Custom", ""), listing)
    assert any("no group writes" in remark.message for remark in imported.remarks)
    assert not any("no group writes" in one.message for one in concluded(RELAY, listing).remarks)


@pytest.mark.parametrize(("text", "enabled"), [("1", True), ("0", False), ("WAHR", True)])
def test_truth_values_of_scripts_and_spreadsheets_are_read(text, enabled):
    facts = only(
        f"Identity;Enabled;Bindings;RemoteIPRanges\nEX01\\Relay;{text};0.0.0.0:25;10.0.5.1|10.0.5.2\n"
    )
    assert facts.told("enabled") is enabled
    assert ranges(facts) == ["10.0.5.1", "10.0.5.2"]


DIRECTORY = f"""\
dn: {PATH}
objectClass: msExchSmtpReceiveConnector
cn: Relay
msExchSmtpReceiveBindings: 0.0.0.0:25:
msExchSmtpReceiveRemoteIPRanges: 10.0.5.0/24;
msExchSmtpReceiveEnabled: TRUE

dn: CN=Mail,CN=Accepted Domains,CN=Transport Settings,CN=First Organization
objectClass: msExchAcceptedDomain
cn: Mail
msExchAcceptedDomainName: *.contoso.com

dn: CN=EX01,CN=Servers,CN=Exchange Administrative Group (FYDIBOHF23SPDLT)
objectClass: msExchExchangeServer
cn: EX01
serialNumber: Version 15.2 (Build 32562.17)
msExchCurrentServerRoles: 16439
"""


def test_a_directory_dump_tells_domains_and_versions_too():
    imported = concluded(DIRECTORY)
    (domain,) = imported.domains
    (server,) = imported.servers
    assert (domain.domain.name, domain.domain.label) == ("*.contoso.com", "Mail")
    assert (server.name, server.version.value, server.role.value) == ("EX01", "SE", "hub")
    assert {"DomainType", "AuthMechanism"} <= {remark.property for remark in imported.remarks}


def test_a_part_of_an_attributes_values_is_a_cut_list():
    part = DIRECTORY.replace(
        "RemoteIPRanges: 10.0.5.0/24;", "RemoteIPRanges;range=0-0: 10.0.5.0/24;"
    )
    facts = only(part)
    assert ranges(facts) == ["10.0.5.0/24"]
    assert "remote_ip_ranges" in facts.unknown


def test_marks_behind_values_in_braces_are_no_part_of_them():
    facts = only(
        f"DistinguishedName               : {PATH}\n"
        "msExchSmtpReceiveBindings       : {0.0.0.0:25:, [::]:25:}\n"
        "msExchSmtpReceiveRemoteIPRanges : {10.0.5.0/24;, fe80::/10;}\n"
    )
    assert [str(one) for one in facts.told("bindings")] == ["0.0.0.0:25", "[::]:25"]
    assert ranges(facts) == ["10.0.5.0/24", "fe80::/10"]


def test_dsacls_rows_with_long_names_are_read():
    listing = (
        f'C:\\>dsacls "{PATH}"\nAccess list:\n'
        "Allow NT AUTHORITY\\ANONYMOUS LOGON    Submit Messages to any Recipient\n"
        "Allow CONTOSO\\Organization Management FULL CONTROL   <Inherited from parent>\n"
    )
    held = entries(only(RELAY, listing))
    assert ("CONTOSO\\Organization Management", "GenericAll", False, True) in held
    assert len(held) == 2


def test_an_archive_in_an_archive_is_refused_by_name(tmp_path):
    inner, outer = tmp_path / "inner.zip", tmp_path / "outer.zip"
    for file, member, data in ((inner, "relay.txt", RELAY.encode()), (outer, "more.bin", None)):
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(member, inner.read_bytes() if data is None else data)
    with pytest.raises(InvalidInput, match=r"`more\.bin` is an archive itself"):
        import_paths([str(outer)])


DOMAINS = '"DomainName","DomainType","Default"\n"contoso.com","{}","True"\n'
VERSIONS = '"Name","AdminDisplayVersion","ServerRole"\n"EX01","Version {}","Mailbox"\n'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (DOMAINS.format("Authoritative"), DOMAINS.format("ExternalRelay")),
        (VERSIONS.format("15.1 (Build 2507.6)"), VERSIONS.format("15.2 (Build 2562.17)")),
        (RELAY, RELAY.replace("True", "False")),
    ],
)
def test_one_object_told_twice_and_differently_is_an_error_with_both_places(one, other):
    with pytest.raises(InvalidInput) as caught:
        concluded(one, other)
    (problem,) = caught.value.problems
    assert "input-1:" in problem.message
    assert "input-2:" in problem.message
    assert "duplicate" in kinds(concluded(one, other, prefer_latest=True))


def test_lost_rights_are_a_lost_column():
    text = (
        '"Identity","User","Deny","IsInherited","ExtendedRights"\n'
        '"EX01\\Relay","NT AUTHORITY\\ANONYMOUS LOGON","False","False","System.Object[]"\n'
    )
    imported = concluded(RELAY, text)
    assert imported.connectors[0].state == "unreadable"
    assert "lost-column" in kinds(imported)


def test_a_spreadsheets_separator_line_above_a_header_is_no_header():
    facts = only(
        "sep=;\nName;Server;Enabled;Bindings;IPs;Permissions;Authentication\n"
        "Relay;EX01;TRUE;0.0.0.0:25;10.0.5.1 10.0.5.2;AnonymousUsers;Tls\n"
    )
    assert ranges(facts) == ["10.0.5.1", "10.0.5.2"]
    assert [group.value for group in facts.groups or ()] == ["AnonymousUsers"]
    assert {one.value for one in facts.told("auth_mechanism")} == {"Tls"}


def test_a_command_above_a_list_is_no_header_of_a_csv():
    told = RELAY.replace("Identity         : EX01\\Relay\n", "")
    imported = concluded(
        f'15:32 # Get-ReceiveConnector "EX01\\Relay" | fl Enabled,Bindings,Name{told}'
    )
    assert [facts.name for facts in imported.connectors] == ["unnamed-1"]


def test_a_descriptor_and_the_list_of_its_connector_in_one_text_are_both_read():
    facts = only(
        f'PS C:\\> (Get-Acl "AD:{PATH}").Sddl\n'
        "O:DAG:DUD:AI(OA;;CR;5c82f031-4e4c-4326-88e1-8c4f0cad9de5;;AN)\n"
        "(OA;;CR;a18293f1-0685-4540-aa63-e32df421b3a2;;AN)\n" + RELAY
    )
    assert {right for _, right, _, _ in entries(facts)} == {
        "ms-Exch-SMTP-Accept-Any-Recipient",
        "ms-Exch-SMTP-Submit",
    }
    assert ranges(facts) == ["10.0.5.0/24"]
