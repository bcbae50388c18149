"""A connector written as PowerShell writes it is read as the same connector, in every form."""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from relaysim.importers.assembly.organization import assemble
from relaysim.importers.reading import read_bytes
from relaysim.net.notation import parse_range, parse_socket
from tests.importers import writers

# What breaks a form is small already: no time is spent on making it smaller.
SOME = settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])

octets = st.integers(0, 255)
addresses = st.tuples(st.integers(1, 223), octets, octets, octets).map(
    lambda parts: ".".join(map(str, parts))
)
six = st.integers(1, 2**64 - 1).map(lambda n: f"2001:db8:{n & 0xFFFF or 1:x}::{n >> 48 or 1:x}")
ranges = st.one_of(
    addresses,
    st.tuples(addresses, st.integers(8, 32)).map(lambda pair: f"{pair[0]}/{pair[1]}"),
    addresses.map(lambda text: f"{text.rpartition('.')[0]}.0-{text.rpartition('.')[0]}.255"),
    addresses.map(lambda text: f"{text}(255.255.255.0)"),
    six,
    six.map(lambda text: f"{text}/64"),
)
WORDS = ("Relay", "Öfen", "Сканер", "受信", "Fax 😀", "{C}", '<B> & "A"', "a;b, c|d", "x : y")
names = st.lists(st.sampled_from(WORDS) | st.integers(0, 999).map(str), min_size=1, max_size=3).map(
    " ".join
)
auths = st.lists(st.sampled_from(list(writers.MECHANISMS)), unique=True).map(
    lambda some: ", ".join(one for one in writers.MECHANISMS if one in some) or "None"
)
groups = st.lists(st.sampled_from(list(writers.GROUPS)), unique=True).map(
    lambda some: ", ".join(one for one in writers.GROUPS if one in some) or "None"
)
ORDER = (
    "Name",
    "Server",
    "Enabled",
    "Bindings",
    "RemoteIPRanges",
    "PermissionGroups",
    "AuthMechanism",
    "TransportRole",
)
connectors = st.fixed_dictionaries(
    {
        "Name": names,
        "Server": st.just("EX01"),
        "Enabled": st.booleans(),
        "Bindings": st.lists(
            st.tuples(addresses, st.integers(1, 65535)).map(lambda p: f"{p[0]}:{p[1]}"),
            min_size=1,
            max_size=3,
        ),
        "RemoteIPRanges": st.lists(ranges, min_size=1, max_size=8),
        "PermissionGroups": groups,
        "AuthMechanism": auths,
        "TransportRole": st.sampled_from(["HubTransport", "FrontendTransport"]),
    }
).map(lambda one: {name: one[name] for name in ORDER})
lists = st.lists(
    connectors, min_size=1, max_size=3, unique_by=lambda one: str(one["Name"]).casefold()
)


def imported(text, name="input"):
    return assemble([read_bytes(text.encode("utf-8"), name=name)])


def plain(organization):
    """Return what is compared of the connectors, by name."""
    return {
        one.name: (
            one.enabled,
            sorted(map(str, one.bindings)),
            sorted(map(str, one.remote_ip_ranges)),
            sorted(m.value for m in one.auth_mechanism),
            one.transport_role.value,
            one.unknown,
            sorted(ace.principal.name + ace.right.value for ace in one.acl),
        )
        for server in organization.servers
        for one in server.connectors
    }


def expected(objects):
    """Read the same objects from CLIXML, which loses nothing; checked against the objects once."""
    found = plain(imported(writers.clixml(objects)).organization)
    assert found.keys() == {one["Name"] for one in objects}
    for one in objects:
        enabled, bindings, remote, auth, role, unknown, _ = found[one["Name"]]
        assert (enabled, role, unknown) == (one["Enabled"], one["TransportRole"], frozenset())
        assert bindings == sorted(str(parse_socket(text)) for text in one["Bindings"])
        assert remote == sorted(str(parse_range(text)) for text in one["RemoteIPRanges"])
        assert auth == sorted(
            one["AuthMechanism"].replace("None", "").split(", ")
            if (one["AuthMechanism"] != "None")
            else []
        )
    return found


@SOME
@given(lists)
def test_every_form_that_keeps_lists_reads_back_alike(objects):
    same = expected(objects)
    for text in (
        writers.csv_text(objects),
        writers.csv_text(objects, delimiter=";", type_line=False),
        writers.json_text(objects),
        writers.json_text(objects, numbers=True),
        writers.windows_json(objects),
        writers.windows_json(objects, is_flat=True),
        *(writers.deep_clixml(objects, depth) for depth in (1, 2, 3, 4)),
        writers.xml_text(objects),
        writers.format_list(objects),
    ):
        assert plain(imported(text).organization) == same, text


@SOME
@given(lists)
def test_a_directory_loses_authentication_and_groups_by_name_and_nothing_else(objects):
    result = imported(writers.ldif(objects))
    found, whole = plain(result.organization), expected(objects)
    assert found.keys() == whole.keys()
    for name, one in found.items():
        assert one[:3] == whole[name][:3]
        assert one[5] == {"auth_mechanism", "entries"}
        lost = {each.property for each in result.remarks if each.object == f"EX01\\{name}"}
        assert {"AuthMechanism", "PermissionGroups"} <= lost


@SOME
@given(lists, st.integers(60, 130), st.booleans())
def test_a_list_wrapped_at_any_width_by_any_culture_reads_back_alike(objects, width, words):
    short = [one | {"Name": f"Relay {index}"} for index, one in enumerate(objects)]
    text = writers.format_list(short, width=width, words=words)
    assert plain(imported(text).organization) == expected(short), text


@SOME
@given(lists)
def test_a_table_and_a_page_read_back_alike_where_names_hold_no_blanks_in_a_row(objects):
    short = [one | {"Name": f"Relay {index}"} for index, one in enumerate(objects)]
    same = expected(short)
    assert plain(imported(writers.format_table(short)).organization) == same
    assert plain(imported(writers.html_text(short)).organization) == same


@SOME
@given(lists, st.sampled_from([4, 16]))
def test_a_list_beyond_the_limit_is_the_named_loss_and_nothing_else(objects, limit):
    text = writers.format_list(objects, limit=limit)
    result = imported(text)
    whole = expected(objects)
    for one in objects:
        found = plain(result.organization)[one["Name"]]
        cut = len(one["RemoteIPRanges"]) > limit
        assert ("remote_ip_ranges" in found[5]) == cut
        assert set(found[2]) <= set(whole[one["Name"]][2])
        assert cut == any(
            remark.kind == "truncated" and remark.object == f"EX01\\{one['Name']}"
            for remark in result.remarks
        )


@SOME
@given(lists)
def test_lists_of_live_objects_are_lost_by_name(objects):
    result = imported(writers.csv_text(objects, live=True))
    for facts in result.connectors:
        assert {"bindings", "remote_ip_ranges"} <= facts.unknown
        said = {remark.property for remark in result.remarks if remark.object == facts.title}
        assert {"Bindings", "RemoteIPRanges"} <= said


RIGHTS = ("ms-Exch-SMTP-Submit", "ms-Exch-SMTP-Accept-Any-Recipient", "ms-Exch-Bypass-Anti-Spam")
USERS = ("NT AUTHORITY\\ANONYMOUS LOGON", "CONTOSO\\Blocked Devices", "S-1-5-11")
COLUMNS = ("Identity", "User", "ExtendedRights", "Deny", "IsInherited")
entries = st.lists(
    st.fixed_dictionaries(
        {
            "Identity": st.just("EX01\\Relay"),
            "User": st.sampled_from(USERS),
            "ExtendedRights": st.lists(
                st.sampled_from(RIGHTS), min_size=1, max_size=2, unique=True
            ),
            "Deny": st.booleans(),
            "IsInherited": st.booleans(),
        }
    ).map(lambda row: {name: row[name] for name in COLUMNS}),
    min_size=1,
    max_size=6,
)
RELAY = {
    "Name": "Relay",
    "Server": "EX01",
    "Enabled": True,
    "Bindings": ["0.0.0.0:25"],
    "RemoteIPRanges": ["10.0.5.0/24"],
    "PermissionGroups": "Custom",
    "AuthMechanism": "Tls",
}


@SOME
@given(entries)
def test_entries_read_back_alike_from_every_form(rows):
    connector = read_bytes(writers.clixml([RELAY]).encode(), name="connectors")
    found = []
    for text in (
        writers.clixml(
            rows, "Microsoft.Exchange.Management.RecipientTasks.ADAcePresentationObject"
        ),
        writers.format_list(rows),
        writers.format_table(rows),
        writers.json_text(rows),
        writers.csv_text(rows, type_line=False),
        writers.xml_text(rows),
        writers.html_text(rows),
    ):
        result = assemble([connector, read_bytes(text.encode(), name="entries")])
        (only,) = result.connectors
        assert only.state == "listed", text
        found.append(
            sorted((a.principal.key, a.right.value, a.deny, a.inherited) for a in only.listed)
        )
    wanted = {
        (row["User"], right, row["Deny"], row["IsInherited"])
        for row in rows
        for right in row["ExtendedRights"]
    }
    assert all(len(one) == len(wanted) for one in found)
    assert all(one == found[0] for one in found)


def test_a_listing_without_what_a_shown_group_writes_is_not_whole():
    connector = read_bytes(
        writers.clixml([RELAY | {"PermissionGroups": "AnonymousUsers, Custom"}]).encode(),
        name="connectors",
    )
    row = {
        "Identity": "EX01\\Relay",
        "User": USERS[0],
        "ExtendedRights": [RIGHTS[2]],
        "Deny": False,
        "IsInherited": False,
    }
    result = assemble([connector, read_bytes(writers.format_table([row]).encode(), name="rows")])
    (only,) = result.organization.servers[0].connectors
    assert "entries" in only.unknown
    assert {ace.right.value for ace in only.acl} >= {RIGHTS[0], RIGHTS[2]}
    assert any(remark.kind == "filtered-acl" for remark in result.remarks)
