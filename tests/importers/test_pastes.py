"""What somebody pasted together: outputs in several forms, and lists that a page squeezed."""

import pytest

from tests.importers import writers
from tests.importers.test_conclusions import PATH, RELAY, concluded, entries, only, ranges

ANONYMOUS = "NT AUTHORITY\\ANONYMOUS LOGON"
ANY, SUBMIT = "ms-Exch-SMTP-Accept-Any-Recipient", "ms-Exch-SMTP-Submit"
SHOWN = {
    "Identity": "EX01\\Relay",
    "Enabled": True,
    "Bindings": ["0.0.0.0:25"],
    "RemoteIPRanges": ["10.0.5.0/24"],
    "PermissionGroups": "AnonymousUsers",
    "AuthMechanism": "Tls",
}
SERVER = (
    "[PS] C:\\>Get-ExchangeServer | fl Name,AdminDisplayVersion\n\n"
    "Name                : EX01\nAdminDisplayVersion : Version 15.2 (Build 2562.17)\n\n"
)


def csv_of(name, server=None):
    told = SHOWN | {"Identity": name}
    return writers.csv_text([told if server is None else {"Server": server} | told])


@pytest.mark.parametrize("form", ["json_text", "clixml", "xml_text"])
def test_a_document_below_a_prompt_is_read_with_the_lists_beside_it(form):
    document = getattr(writers, form)([SHOWN])
    imported = concluded(
        f"[PS] C:\\>Get-ReceiveConnector | ConvertTo-Some\n{document}\n{SERVER}[PS] C:\\>\n"
    )
    (facts,) = imported.connectors
    assert (facts.title, ranges(facts)) == ("EX01\\Relay", ["10.0.5.0/24"])
    (server,) = imported.servers
    assert server.version is not None
    assert server.version.value == "SE"


def test_a_document_that_was_cut_off_in_a_paste_is_said():
    document = writers.json_text([SHOWN])
    imported = concluded(f"it shows:\n\n{document[: len(document) // 2]}\n\n{SERVER}")
    assert not imported.connectors
    assert any("cannot be read" in remark.message for remark in imported.remarks)


def test_braces_among_words_hide_no_list_behind_them():
    facts = only(f"function f\n{{\n  x(\n[\n\n{RELAY}\n")
    assert ranges(facts) == ["10.0.5.0/24"]


def test_tables_of_several_commands_in_one_paste_are_each_of_their_server():
    text = "".join(
        f"[PS] C:\\>Get-ReceiveConnector -Server {server} | select Name | ConvertTo-Csv\n"
        f"{csv_of('Relay').replace('Identity', 'Name')}"
        for server in ("EX01", "EX02")
    )
    for paste in (text + SERVER, SERVER + text):
        imported = concluded(paste)
        assert [one.title for one in imported.connectors] == ["EX01\\Relay", "EX02\\Relay"]
        assert imported.servers[0].name == "EX01"
        assert imported.servers[0].version is not None


def test_an_export_that_was_appended_to_another_has_its_own_header():
    text = csv_of("EX01\\Relay") + csv_of("B", "EX02").replace("Identity", "Name")
    for both in (text, text.replace('"Server"', '#TYPE Selected.X\n"Server"')):
        assert [one.title for one in concluded(both).connectors] == ["EX01\\Relay", "EX02\\B"]


def test_columns_that_a_script_named_in_words_are_told():
    facts = only(
        "Server Name,Connector Name,Remote IPs,Permission Groups,Enabled,Binding\n"
        'EX01,Relay,"10.0.0.1; 10.0.1.0/24",AnonymousUsers|Custom,FALSE,0.0.0.0:25\n'
    )
    assert (facts.title, facts.told("enabled"), facts.custom) == ("EX01\\Relay", False, True)
    assert ranges(facts) == ["10.0.0.1", "10.0.1.0/24"]


@pytest.mark.parametrize("colon", [" : ", ": "])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_list_whose_blanks_a_page_squeezed_is_one_object(colon, gap):
    lines = [" ".join(line.split()).replace(" : ", colon) for line in RELAY.strip().split("\n")]
    facts = only(gap.join(lines) + "\n" + gap + "That is all: thanks\n")
    assert ranges(facts) == ["10.0.5.0/24"]
    assert facts.told("enabled") is True
    assert not facts.lacking


def test_addresses_that_a_script_put_on_lines_of_their_own_are_a_list():
    told = RELAY.replace("{10.0.5.0/24}", "10.0.5.0/24\n                   10.0.6.1-10.0.6.9")
    assert ranges(only(told)) == ["10.0.5.0/24", "10.0.6.1-10.0.6.9"]
    cut = RELAY.replace("{10.0.5.0/24}", "10.0.6.1-10.0.\n                   6.9")
    assert ranges(only(cut)) == ["10.0.6.1-10.0.6.9"]


def test_a_list_above_the_output_of_dsacls_is_read_too():
    facts = only(
        f'{RELAY}\nC:\\>dsacls "{PATH}"\nAccess list:\nAllow {ANONYMOUS}\n'
        f"{'':38}Submit Messages to Server\nThe command completed successfully\n"
    )
    assert ranges(facts) == ["10.0.5.0/24"]
    assert entries(facts) == {(ANONYMOUS, SUBMIT, False, False)}


def test_the_command_names_the_user_of_entries_that_do_not_show_one():
    facts = only(
        f'{RELAY}\n[PS] C:\\>Get-ADPermission "EX01\\Relay" -User "{ANONYMOUS}" | fl '
        f"ExtendedRights,Deny,IsInherited\n\nExtendedRights : {{{ANY}}}\nDeny           : False\n"
        "IsInherited    : False\n"
    )
    assert entries(facts) == {(ANONYMOUS, ANY, False, False)}
    assert "entries" in facts.unknown
