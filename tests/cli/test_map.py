"""``relaysim map`` and ``relaysim who-can`` as their user meets them."""

import csv
import io
import json

import pytest

from relaysim import Session, evaluate, load, parse_address
from relaysim.analysis.endpoints import Narrowing, Surface, endpoints, layers_at
from relaysim.analysis.overlay import summarised
from relaysim.cli.options.output import Style
from relaysim.config.source import Configuration
from relaysim.net.address import Address
from relaysim.render.space.map_view import MapAnswer, MapBlock, map_key
from relaysim.render.terminal_map import render_picture
from tests import golden
from tests.console import relaysim

TWO_ADDRESSES = "docs/examples/two-addresses.toml"

SITUATIONS = {
    "two-addresses-may-relay": "map",
    "ranges-are-written-as-networks": "map -c builtin:option-2 --notation cidr --family 4",
    "one-question-of-two-kinds-of-clients": "map --auth none --auth user --can relay --family 4",
    "no-address-may-relay": "map -c builtin:default --can relay",
    "no-address-on-a-port-without-a-binding": "map --port 26",
    "one-local-address-narrows-the-map": f"map -c {TWO_ADDRESSES} --local-ip 10.0.1.13 --family 4",
    "who-may-relay-and-why": "who-can relay",
    "whose-address-is-resolved": "who-can resolve -c builtin:option-2 --family 4 --notation cidr",
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_piped_output_is_the_golden_text(name):
    result = relaysim(SITUATIONS[name].split())
    assert result.code == 0
    golden.compare(f"map/{name}.txt", result.output)


def document(*arguments):
    """Return a document about IPv4 with what it covers taken out and looked at."""
    found = json.loads(relaysim([*arguments, "--family", "4", "-o", "json"]).output)
    assert found["format"] == f"relaysim.{arguments[0]}/1"
    covered = found["covered"]
    assert {(one["server"], one["port"]) for one in covered["endpoints"]} == {
        ("EX01", 25),
        ("EX01", 587),
    }
    assert covered["tls"] == [False, True]
    return found


OUTSIDE = ["0.0.0.0-192.168.2.54", "192.168.2.57-255.255.255.255"]
TWO = "192.168.2.55-192.168.2.56"
ALL = "0.0.0.0-255.255.255.255"


def ranges(found):
    """Return ranges of a document as one text each."""
    return [f"{one['first']}-{one['last']}" for one in found]


def test_the_map_as_a_document_has_every_region_with_its_outcome():
    found = document("map")
    assert found["counts"][0]["relay"] == 2
    said = set()
    for region, interval in zip(found["regions"], ranges(found["regions"]), strict=True):
        (outcome,) = region["outcomes"]
        relays, port = outcome["answers"]["relay"]["answer"], region["endpoints"][0]["port"]
        said.add((port, interval, outcome["connector"], relays, outcome["auth_as"]))
    assert said == {
        *((25, interval, "Default EX01", False, "Anonymous") for interval in OUTSIDE),
        (25, TWO, "CRM Application", True, "Internal"),
        (587, ALL, "Client EX01", False, "Anonymous"),
    }
    for region in found["regions"]:
        assert sum(1 << (32 - prefix_of(text)) for text in region["cidr"]) == region["size"]


def prefix_of(text):
    return int(text.partition("/")[2] or 32)


def test_who_can_as_a_document_names_whom_where_and_by_which_connector():
    found = document("who-can", "relay")
    assert (found["question"], found["port"], found["tls"]) == ("relay", None, None)
    said = [
        (way["auth"], way["connectors"], way["size"], ranges(way["ranges"]))
        for way in found["ways"]
    ]
    most = (1 << 32) - 2
    assert said == [
        ("none", ["CRM Application"], 2, [TWO]),
        ("user", ["Default EX01"], most, OUTSIDE),
        ("user", ["Client EX01"], 1 << 32, [ALL]),
        *((kind, ["Default EX01"], most, OUTSIDE) for kind in ("exchange", "edge", "legacy")),
        ("partner", ["CRM Application"], 2, [TWO]),
    ]
    assert all(way["decided"] and not way["undecided_ranges"] for way in found["ways"])


def test_csv_covers_every_ipv4_address_once():
    result = relaysim(["map", "-o", "csv", "--family", "4", "--port", "25"])
    rows = list(csv.DictReader(io.StringIO(result.output)))
    assert sum(int(row["size"]) for row in rows) == 1 << 32
    for row in rows:
        for end in (row["first"], row["last"]):
            decision = evaluate(load("builtin:option-1"), Session(ip=parse_address(end)))
            assert row["relay"] == ("yes" if decision.answers.relay.answer else "no")
            assert decision.connector is not None
            assert row["connector"] == decision.connector.name


TWO_SERVICES = """
format = 1
[organization]
exchange = "2019"
[[connector]]
name = "Front"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["0.0.0.0/0"]
transport_role = "FrontendTransport"
permission_groups = "AnonymousUsers"
[[connector]]
name = "Back"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["10.0.0.0/8"]
transport_role = "HubTransport"
permission_groups = "AnonymousUsers"
"""


@pytest.fixture
def two_services(tmp_path):
    path = tmp_path / "services.toml"
    path.write_text(TWO_SERVICES)
    return str(path)


@pytest.mark.parametrize("command", ["map", "who-can relay", "who-can relay --auth none"])
def test_what_is_undecided_never_reads_no_address(command, two_services):
    result = relaysim([*command.split(), "-c", two_services, "--family", "4"])
    assert result.code == 0
    assert result.output.startswith("undecided which IPv4 addresses may relay")
    assert "P-4: two transport services claim the same address and port 25" in result.output


UNKNOWN_ENTRIES = """
format = 1
[organization]
exchange = "2010"
[[connector]]
name = "Relay"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["10.0.0.0/24"]
permission_groups = "AnonymousUsers"
unknown = ["entries"]
"""


@pytest.mark.parametrize("command", ["map", "who-can relay"])
def test_entries_that_are_not_known_never_read_no_address(command, tmp_path):
    path = tmp_path / "unknown.toml"
    path.write_text(UNKNOWN_ENTRIES)
    result = relaysim([*command.split(), "-c", str(path), "--family", "4"])
    assert result.code == 0
    assert result.output.startswith("undecided which IPv4 addresses may relay")
    assert "unknown" in result.output
    assert "Get-ADPermission" in result.output
    gate = ["who-can", "relay", "--auth", "none", "--expect", "nobody", "-c", str(path)]
    assert relaysim(gate).code == 1


def test_what_is_undecided_breaks_an_expectation(two_services):
    result = relaysim(["who-can", "relay", "--expect", "nobody", "-c", two_services])
    assert result.code == 1
    assert "undecided: anyone, 0.0.0.0/0 on port 25, with and without TLS" in result.output


def test_each_local_address_is_an_endpoint_of_its_own():
    result = relaysim(["map", "-c", TWO_ADDRESSES, "--family", "4"])
    assert result.code == 0
    assert "undecided" not in result.output
    assert "on 10.0.1.11:25, with and without TLS" in result.output
    assert "on 10.0.1.13:25, with and without TLS" in result.output


OPEN_587 = """
format = 1
[organization]
exchange = "2016"
[[connector]]
name = "Default"
bindings = ["0.0.0.0:25", "[::]:25"]
remote_ip_ranges = ["0.0.0.0/0", "::/0"]
transport_role = "FrontendTransport"
permission_groups = "AnonymousUsers"
[[connector]]
name = "Submission"
bindings = ["0.0.0.0:587", "[::]:587"]
remote_ip_ranges = ["0.0.0.0/0", "::/0"]
auth_mechanism = "Tls"
require_tls = true
transport_role = "FrontendTransport"
permission_groups = "AnonymousUsers"
[[connector.ace]]
user = 'NT AUTHORITY\\ANONYMOUS LOGON'
rights = "ms-Exch-SMTP-Accept-Any-Recipient"
"""


@pytest.fixture
def open_587(tmp_path):
    path = tmp_path / "open.toml"
    path.write_text(OPEN_587)
    return str(path)


def test_an_open_relay_on_another_port_with_tls_only_is_found(open_587):
    mapped = relaysim(["map", "-c", open_587, "--family", "4"])
    assert mapped.output.startswith("every IPv4 address may relay without authentication")
    listed = relaysim(["who-can", "relay", "--auth", "none", "-c", open_587, "--family", "4"])
    assert listed.output.startswith("every IPv4 address may relay without authentication")
    assert "anyone  none  port 587  yes  0.0.0.0/0" in listed.output


@pytest.mark.parametrize(
    ("narrowed", "may"),
    [("--port 25", 0), ("--no-tls", 0), ("--tls", 1), ("--port 587", 1), ("--port 25,587", 1)],
)
def test_a_question_that_is_narrowed_covers_only_that(open_587, narrowed, may):
    arguments = ["who-can", "relay", "--auth", "none", "--expect", "nobody", "-c", open_587]
    assert relaysim([*arguments, *narrowed.split()]).code == may


@pytest.mark.parametrize(
    ("expected", "code", "said"),
    [
        (["--expect", "nobody"], 1, "not expected: anyone, 192.168.2.55-192.168.2.56 on port 25"),
        (["--expect", "192.168.2.55, 192.168.2.56"], 0, "192.168.2.55, 192.168.2.56: met"),
        (["--expect", "192.168.2.0/24"], 1, "expected but not so: 192.168.2.0-192.168.2.54"),
        (["--expect", "::ffff:192.168.2.55, 192.168.2.56"], 0, "met"),
        (["--expect-within", "192.168.2.0/24"], 0, "nobody but 192.168.2.0/24: met"),
        (["--expect-within", "192.168.2.55"], 1, "not expected: anyone, 192.168.2.56 on port 25"),
    ],
)
def test_an_expectation_is_met_or_says_exactly_what_breaks_it(expected, code, said):
    result = relaysim(["who-can", "relay", "--auth", "none", *expected])
    assert result.code == code
    assert said in result.output


def test_allowed_ranges_may_stand_in_a_file(tmp_path):
    allowed = tmp_path / "allowed.txt"
    arguments = ["who-can", "relay", "--auth", "none", "--expect-within", str(allowed)]
    allowed.write_text("# web servers\n192.168.2.55, 192.168.2.56  # both\n")
    assert relaysim(arguments).code == 0
    allowed.write_text("192.168.2.55\nno range\n")
    result = relaysim(arguments)
    assert result.code == 2
    assert f"{allowed}:2" in result.output


def test_the_document_says_which_endpoints_were_covered_and_which_break_it(open_587):
    arguments = ["who-can", "relay", "--auth", "none", "--expect", "nobody", "--family", "4"]
    result = relaysim([*arguments, "-c", open_587, "-o", "json"])
    document = json.loads(result.output)
    assert [each["port"] for each in document["covered"]["endpoints"]] == [25, 25, 587, 587]
    assert document["covered"]["tls"] == [False, True]
    (breach,) = document["expectation"]["breaches"]
    assert breach["ranges"] == ["0.0.0.0-255.255.255.255"]
    assert {each["port"] for each in breach["endpoints"]} == {587}
    assert breach["tls"] == [True]


def test_filters_never_hide_what_is_undecided(two_services):
    result = relaysim(["map", "-c", two_services, "--cannot", "submit", "--family", "4"])
    assert "0.0.0.0/0  4,294,967,296" in result.output


def test_an_open_relay_jumps_out(tmp_path):
    path = tmp_path / "open.toml"
    path.write_text(
        "format = 1\n[[connector]]\nname = 'Open'\nbindings = ['0.0.0.0:25']\n"
        "remote_ip_ranges = ['9.0.0.0-11.255.255.255']\npermission_groups = 'AnonymousUsers'\n"
        "[[connector.ace]]\nuser = 'NT AUTHORITY\\ANONYMOUS LOGON'\n"
        "rights = 'ms-Exch-SMTP-Accept-Any-Recipient'\n"
    )
    result = relaysim(["map", "-c", str(path), "--family", "4", "--can", "relay"])
    assert "OPEN    33,554,432 addresses of the Internet may relay" in result.output
    assert "public, private" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("map --can rely", "error: --can: unknown question `rely`\nhint: did you mean `relay`?"),
        ("map --can keep", "error: --can: `keep` is not unique"),
        ("map --user CONTOSO\\app", "error: --user: only an account has one"),
        ("map --auth guest", "error: --auth: unknown authentication `guest`"),
        ("map -o xml", "error: --output: unknown format `xml`"),
        ("map --family 5", "error: --family: '5' is not one of"),
        ("who-can", "error: missing argument 'QUESTION'"),
        ("who-can fly", "error: QUESTION: unknown question `fly`"),
    ],
)
def test_wrong_input_is_one_message_and_exit_code_2(arguments, message):
    result = relaysim(arguments.split(" "))
    assert result.code == 2
    assert result.output.startswith(message)


def test_a_name_from_a_file_cannot_act_on_the_terminal_or_break_a_row(tmp_path):
    path = tmp_path / "naughty.toml"
    name = "a[red]b[/red] :smile: \x1b[31m\nx"
    path.write_text(
        f"format = 1\n[[connector]]\nname = {json.dumps(name)}\nbindings = ['0.0.0.0:25']\n"
        "remote_ip_ranges = ['10.0.0.0/8']\npermission_groups = 'AnonymousUsers'\n"
    )
    for form in (["-o", "text"], ["-o", "csv"], ["--color", "always"]):
        shown = relaysim(["map", "-c", str(path), "--family", "4", *form]).output
        assert "a[red]b[/red] :smile: \\x1b[31m\\nx" in shown


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_picture_shows_two_addresses_of_four_thousand_millions(width):
    organization = load("builtin:option-1")
    session = Session(ip=Address(4, 0))
    surface = Surface(organization, endpoints(organization, Narrowing(ports=(25,), tls=(False,))))
    (spot,) = surface.spots
    layers = layers_at(spot.endpoints[0], [surface.judge(session)])
    every = tuple(summarised(layers, map_key))
    block = MapBlock((spot,), (False,), every, every)
    source = Configuration("builtin:option-1", organization)
    answer = MapAnswer(source, (session,), (spot,), (False,), (block,), (4,))
    text = render_picture(answer, color=False, width=width)
    assert max(map(len, text.splitlines())) <= width
    golden.compare(f"map/a-picture-fits-{width}-columns.txt", text)


@pytest.mark.parametrize("command", ["map", "who-can relay --auth user"])
def test_each_network_of_a_run_has_its_own_size(command):
    shown = relaysim([*command.split(), "--family", "4", "--notation", "cidr"])
    (line,) = (line for line in shown.output.splitlines() if "0.0.0.0/1 " in line)
    assert "2,147,483,648" in line
    assert "3,232,236,087" not in shown.output


@pytest.mark.parametrize(
    ("arguments", "first", "below"),
    [
        ("map", "0.0.0.0-192.168.2.54", "  size: 3,232,236,087"),
        ("who-can relay", "192.168.2.55-192.168.2.56", "  who: anyone"),
    ],
)
def test_on_a_narrow_terminal_the_range_heads_what_is_said_about_it(
    monkeypatch, arguments, first, below
):
    narrow = Style(rich=True, color=False, width=60)
    monkeypatch.setattr("relaysim.cli.options.output.style_for", lambda *_: narrow)
    result = relaysim([*arguments.split(), "-c", "builtin:both"])
    lines = result.output.splitlines()
    assert result.code == 0
    assert max(map(len, lines)) <= 60
    assert lines[lines.index(first) + 1] == below
    # Everything that is said about a range is indented below it, who it is about included.
    place = lines.index("192.168.2.57-255.255.255.255")
    card = lines[place + 1 : place + 7]
    assert all(line.startswith("  ") for line in card)
    assert "  connector: Default EX01" in card
