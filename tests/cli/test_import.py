"""``relaysim import`` and exports where ``-c`` takes a configuration."""

import json
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.console import ROOT, relaysim
from tests.importers import writers

CONNECTORS = str(ROOT / "docs/examples/connectors.txt")
ENTRIES = str(ROOT / "docs/examples/entries.txt")
RELAY = {
    "Name": "Relay",
    "Server": "EX01",
    "Enabled": True,
    "Bindings": ["0.0.0.0:25"],
    "RemoteIPRanges": ["10.0.5.0/24"],
    "PermissionGroups": "AnonymousUsers",
    "AuthMechanism": "Tls",
    "TransportRole": "FrontendTransport",
}


def test_a_written_server_file_is_read_back(tmp_path):
    place = tmp_path / "relaysim.toml"
    done = relaysim(["import", CONNECTORS, ENTRIES, "-o", f"toml:{place}"])
    assert done.code == 0
    tables = tomllib.loads(place.read_text("utf-8"))
    assert [one["name"] for one in tables["connector"]] == ["Default Frontend EX01", "Scanners"]
    asked = relaysim(["check", "-c", str(place), "--ip", "192.168.21.7", "--expect", "relay=yes"])
    assert asked.code == 0


def test_exports_answer_as_the_server_file_made_of_them(tmp_path):
    folder = tmp_path / "collected"
    folder.mkdir()
    for place in (CONNECTORS, ENTRIES):
        (folder / Path(place).name).write_bytes(Path(place).read_bytes())
    archive = tmp_path / "collected.zip"
    with zipfile.ZipFile(archive, "w") as stream:
        for file in folder.iterdir():
            stream.write(file, file.name)
    written = relaysim(["import", str(folder), "-o", f"toml:{tmp_path / 'x.toml'}"])
    assert written.code == 0
    for source in (folder, archive, tmp_path / "x.toml"):
        asked = ["check", "-c", str(source), "--ip", "192.168.20.9", "--expect", "relay=yes"]
        assert relaysim(asked).code == 0


def test_the_document_names_what_the_input_does_not_tell():
    done = relaysim(["import", CONNECTORS, "-o", "json"])
    document = json.loads(done.output[done.output.index("{\n") :])
    (scanners,) = (one for one in document["connectors"] if one["name"] == "Scanners")
    assert scanners["entries"] == "unknown"
    assert scanners["unknown"] == ["entries"]
    assert {remark["kind"] for remark in document["remarks"]} == {"no-acl", "lost-column"}
    assert set(document["remarks"][0]) == {
        "file", "line", "object", "property", "message", "kind", "command",
    }  # fmt: skip


def test_a_warning_stands_once_for_all_connectors_and_the_server_file_names_each(tmp_path):
    place = tmp_path / "some.txt"
    shown = [
        {"Name": f"Relay {number}", "Server": "EX01", "RemoteIPRanges": [f"10.0.0.{number}"]}
        for number in range(5)
    ]
    place.write_text(writers.format_list(shown), encoding="utf-8")
    done = relaysim(["check", "-c", str(place), "--ip", "10.0.0.1"])
    (said,) = (line for line in done.output.splitlines() if "Enabled is not in" in line)
    assert r"EX01\Relay 0, EX01\Relay 1 and 3 others: Enabled" in said
    written = relaysim(["import", str(place)]).output
    for number in range(5):
        assert rf"EX01\Relay {number}: Enabled: Enabled is not in the output" in written


def test_nothing_found_says_what_was_looked_for(tmp_path):
    place = tmp_path / "letter.txt"
    place.write_text("Dear team,\n\nName : Anna\nSize : 1 GB\n", "utf-8")
    done = relaysim(["import", str(place)])
    assert done.code == 2
    assert "Get-ReceiveConnector" in done.output
    assert "letter.txt" in done.output


def test_a_transcript_is_named_with_the_command_that_reads_it(tmp_path):
    place = tmp_path / "telnet.txt"
    place.write_text(
        "220 mx.contoso.com Microsoft ESMTP MAIL Service ready\nEHLO a\n250 OK\n"
        "MAIL FROM:<a@contoso.com>\n250 2.1.0 Sender OK\n",
        "utf-8",
    )
    done = relaysim(["import", str(place)])
    assert done.code == 0
    assert f"relaysim replay {place}" in done.output
    assert "format = 1" not in done.output


def test_two_exports_that_differ_are_refused_naming_both_places(tmp_path):
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text(writers.format_list([RELAY]), "utf-8")
    second.write_text(writers.format_list([RELAY | {"RemoteIPRanges": ["10.0.6.0/24"]}]), "utf-8")
    done = relaysim(["import", str(first), str(second)])
    assert done.code == 2
    assert f"{first}:6" in done.output
    assert f"{second}:6" in done.output
    latest = relaysim(["import", "--prefer-latest", str(first), str(second)])
    assert latest.code == 0
    assert 'remote_ip_ranges = ["10.0.6.0/24"]' in latest.output
    assert "the later one is taken" in latest.output


def test_another_encoding_needs_its_name(tmp_path):
    place = tmp_path / "old.txt"
    place.write_bytes(writers.format_list([RELAY | {"Name": "Öfen"}]).encode("cp850"))
    refused = relaysim(["import", str(place)])
    assert refused.code == 2
    assert "--encoding" in refused.output
    read = relaysim(["import", "--encoding", "cp850", str(place)])
    assert read.code == 0
    assert "Öfen" in read.output
    assert relaysim(["import", "--encoding", "klingon", str(place)]).code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Objs>&b;</Objs>', "DOCTYPE"),
        ('<Objs><Obj RefId="0">' + "<Obj>" * 300, "nested"),
        ('<Objs><Obj RefId="0"><Props>', "no whole XML"),
        ('[{"Name": ' + "[" * 5000, "nested"),
        ('{"Name": "x", "Bindings": [', "no valid JSON"),
    ],
)
def test_hostile_and_broken_documents_are_refused_in_one_line(tmp_path, text, said):
    place = tmp_path / "x"
    place.write_text(text, "utf-8")
    done = relaysim(["import", str(place)])
    assert done.code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_an_archive_that_unpacks_without_measure_is_refused(tmp_path):
    place = tmp_path / "bomb.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", b"0" * (8 << 20))
    done = relaysim(["import", str(place)])
    assert done.code == 2
    assert "packed more than 200 to one" in done.output


def test_an_archive_with_a_member_without_a_name_is_refused(tmp_path):
    place = tmp_path / "lost.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("?", b"Name : x")
    place.write_bytes(place.read_bytes().replace(b"?", b"\0"))
    done = relaysim(["import", str(place)])
    assert done.code == 2
    assert "is a damaged archive (a member has no name)" in done.output


def test_hostile_names_come_through_unharmed(tmp_path):
    name = "a\x1b[31m]]> <& \"'‘’“” ; $(x) \u202e"
    place = tmp_path / "x.xml"
    place.write_text(writers.clixml([RELAY | {"Name": name}]), "utf-8")
    done = relaysim(["import", str(place), "-o", f"toml:{tmp_path / 'x.toml'}"])
    assert done.code == 0
    assert "\x1b" not in done.output
    text = (tmp_path / "x.toml").read_text("utf-8")
    assert "\x1b" not in text
    assert tomllib.loads(text)["connector"][0]["name"] == name
