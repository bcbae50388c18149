"""The collector's folder is held against its manifest."""

import pytest

from relaysim.config.exports import import_paths
from relaysim.model.version import ExchangeVersion
from tests.importers import writers
from tests.powershell.real import needs_powershell
from tests.powershell.test_collector import STUBS, collect

RELAY = {
    "Name": "Relay",
    "Identity": "EX01\\Relay",
    "Server": "EX01",
    "Enabled": True,
    "Bindings": ["0.0.0.0:25"],
    "RemoteIPRanges": ["10.0.5.0/24"],
    "PermissionGroups": "Custom",
    "AuthMechanism": "Tls",
}
ROW = {
    "Identity": "EX01\\Relay",
    "User": "NT AUTHORITY\\ANONYMOUS LOGON",
    "ExtendedRights": ["ms-Exch-SMTP-Submit"],
    "Deny": False,
    "IsInherited": False,
}
SERVER = {
    "Name": "EX01",
    "AdminDisplayVersion": "Version 15.2 (Build 1118.7)",
    "ServerRole": "Mailbox",
}
ENTRY = "Microsoft.Exchange.Management.RecipientTasks.ADAcePresentationObject"
MANIFEST = """\
relaysim-collector: 1
date: 2026-11-28T05:20:00Z
computer: EX01
shell: 5.1.17763.1
format: clixml
server: EX01 Version 15.2 (Build 1118.7)
file: exchange-servers.xml 1 Get-ExchangeServer
file: receive-connectors.xml 1 Get-ReceiveConnector
file: permissions.xml 1 Get-ADPermission
file: accepted-domains.xml 0 Get-AcceptedDomain
file: transport-config.xml 1 Get-TransportConfig
end: 1 connectors, 1 entries
"""


def folder(place, manifest=MANIFEST, **files):
    written = {
        "exchange-servers": writers.clixml([SERVER], "Microsoft.Exchange.Data.ExchangeServer"),
        "receive-connectors": writers.clixml([RELAY]),
        "permissions": writers.clixml([ROW], ENTRY),
        "accepted-domains": writers.clixml([]),
        "transport-config": writers.clixml(
            [{"Name": "Settings"}], "Microsoft.Exchange.Data.Config"
        ),
    } | {name.replace("_", "-"): text for name, text in files.items()}
    for name, text in written.items():
        if text is not None:
            (place / f"{name}.xml").write_text(text, "utf-8")
    (place / "manifest.txt").write_text(manifest, "utf-16")
    imported = import_paths([str(place)])
    return imported, [
        remark for remark in imported.remarks if "manifest.txt" in (remark.file or "")
    ]


def test_a_folder_that_is_what_its_manifest_says_needs_no_remark(tmp_path):
    imported, _ = folder(tmp_path)
    assert [each.kind for each in imported.remarks if "not shown" not in each.message] == []
    (facts,) = imported.connectors
    assert (facts.state, facts.unknown) == ("listed", set())


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"accepted_domains": None}, "`accepted-domains.xml` with 0 objects"),
        ({"permissions": writers.clixml([], ENTRY)}, "`permissions.xml` holds 0 objects, and 1"),
        ({"receive_connectors": writers.clixml([RELAY, RELAY | {"Name": "B"}])}, "holds 2 objects"),
    ],
)
def test_a_missing_file_and_another_count_are_said_with_the_manifests_line(tmp_path, files, said):
    _, remarks = folder(tmp_path, **files)
    assert remarks[0].kind == "count"
    assert said in remarks[0].message
    assert remarks[0].line is not None


def test_connectors_of_another_server_are_said(tmp_path):
    other = RELAY | {"Identity": "EX09\\Relay", "Server": "EX09"}
    _, remarks = folder(tmp_path, receive_connectors=writers.clixml([other]))
    assert any("EX09 is none of the servers" in remark.message for remark in remarks)


def test_another_version_than_the_manifests_is_said(tmp_path):
    _, remarks = folder(tmp_path, MANIFEST.replace("15.2", "15.1"))
    assert [remark.property for remark in remarks] == ["AdminDisplayVersion"]


@pytest.mark.parametrize(
    "manifest",
    [
        MANIFEST.replace("end: 1 connectors, 1 entries\n", ""),
        MANIFEST.replace("file: acc", "error: Get-ADPermission: EX01\\Relay: denied\nfile: acc"),
    ],
    ids=["no end", "an error"],
)
def test_entries_that_were_not_all_written_leave_the_connector_open(tmp_path, manifest):
    imported, remarks = folder(tmp_path, manifest)
    assert [remark.kind for remark in remarks] == ["partial-object"]
    assert imported.connectors[0].unknown == {"entries"}


def test_a_manifest_of_another_format_is_not_guessed_at(tmp_path):
    _, remarks = folder(tmp_path, MANIFEST.replace("collector: 1", "collector: 7"))
    assert "not known" in remarks[0].message


@needs_powershell
@pytest.mark.parametrize("text", [False, True], ids=["clixml", "text"])
def test_what_a_real_powershell_collects_is_read_and_agrees_with_its_manifest(tmp_path, text):
    _, (place,) = collect(tmp_path, stubs=STUBS, text=text)
    imported = import_paths([str(place)])
    assert [facts.title for facts in imported.connectors] == [
        "EX01\\Default EX01", "EX01\\RelБy", "EX01\\Broken",
    ]  # fmt: skip
    assert all(len(facts.told("remote_ip_ranges")) == 40 for facts in imported.connectors)
    assert "count" not in {remark.kind for remark in imported.remarks}
    assert [server.version for server in imported.servers] == [ExchangeVersion.V2019]
    errors = [remark.message for remark in imported.remarks if "met an error" in remark.message]
    assert len(errors) == 3
