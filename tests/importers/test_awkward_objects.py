"""What an import concludes from objects in objects, references, edited tables and other words."""

import json

import pytest

from relaysim.errors import InvalidInput
from relaysim.model.principals import ANONYMOUS_LOGON, AUTHENTICATED_USERS, parse_principal
from tests.importers.test_conclusions import PATH, RELAY, concluded, entries, kinds, only, ranges

ANY = "ms-Exch-SMTP-Accept-Any-Recipient"
TYPES = "Microsoft.Exchange.Data.Directory.SystemConfiguration"


def clixml(*objects):
    return (
        '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\n'
        + "\n".join(objects)
        + "\n</Objs>\n"
    )


def connector(name, number, ranges):
    return (
        f'  <Obj RefId="{number}">\n    <TN RefId="t{number}"><T>{TYPES}.ReceiveConnector</T>'
        f'</TN>\n    <Props>\n      <S N="Identity">EX01\\{name}</S>\n      {ranges}\n'
        "    </Props>\n  </Obj>"
    )


LIST = (
    '<Obj N="RemoteIPRanges" RefId="7"><TN RefId="9"><T>System.Object</T></TN>'
    "<LST><S>10.0.5.0/24</S><S>10.0.6.1</S></LST></Obj>"
)
ENTRY = (
    '<Obj RefId="8"><MS><S N="User">NT AUTHORITY\\ANONYMOUS LOGON</S>'
    f'<S N="ExtendedRights">{ANY}</S><B N="Deny">false</B><B N="IsInherited">false</B></MS></Obj>'
)


def test_a_list_that_another_object_holds_too_is_read_where_it_is_referred_to():
    again = '<Ref N="RemoteIPRanges" RefId="7" />'
    text = clixml(connector("Relay", 1, LIST), connector("Again", 2, again))
    both = concluded(text).connectors
    assert [ranges(facts) for facts in both] == [["10.0.5.0/24", "10.0.6.1"]] * 2


def test_a_reference_to_nothing_in_the_text_is_a_lost_value():
    lost = '<Ref N="RemoteIPRanges" RefId="99" />'
    facts = only(clixml(connector("Relay", 1, lost)))
    assert "remote_ip_ranges" in facts.unknown


@pytest.mark.parametrize(
    "text",
    [
        clixml(
            '<Obj RefId="0"><MS><Obj N="All" RefId="1"><LST>'
            + connector("Relay", 2, LIST)
            + '</LST></Obj><S N="By">me</S></MS></Obj>'
        ),
        clixml(
            '<Obj RefId="0"><DCT><En><S N="Key">EX01</S><Obj N="Value" RefId="1"><LST>'
            + connector("Relay", 2, LIST)
            + "</LST></Obj></En></DCT></Obj>"
        ),
        json.dumps(
            {
                "By": "me",
                "All": [{"Identity": "EX01\\Relay", "RemoteIPRanges": ["10.0.5.0/24", "10.0.6.1"]}],
            }
        ),
        json.dumps(
            {"EX01": {"Group": [{"Identity": "EX01\\Relay", "IPs": "10.0.5.0/24 10.0.6.1"}]}}
        ),
    ],
    ids=["bundle", "hashtable", "JSON", "groups in JSON"],
)
def test_connectors_in_a_home_made_object_are_read(text):
    facts = only(text)
    assert facts.title == "EX01\\Relay"
    assert ranges(facts) == ["10.0.5.0/24", "10.0.6.1"]


@pytest.mark.parametrize(
    "text",
    [
        clixml(
            '<Obj RefId="0"><MS><S N="Identity">EX01\\Relay</S><S N="Enabled">True</S>'
            '<S N="PermissionGroups">AnonymousUsers, Custom</S><Obj N="Entries" RefId="1"><LST>'
            + ENTRY
            + "</LST></Obj></MS></Obj>"
        ),
        json.dumps(
            {
                "Identity": "EX01\\Relay",
                "PermissionGroups": "AnonymousUsers, Custom",
                "Entries": [
                    {
                        "User": ANONYMOUS_LOGON.name,
                        "ExtendedRights": ANY,
                        "Deny": False,
                        "IsInherited": False,
                    }
                ],
            }
        ),
    ],
    ids=["CLIXML", "JSON"],
)
def test_entries_that_a_script_put_into_their_connector_are_its_entries(text):
    facts = only(text)
    assert entries(facts) == {(ANONYMOUS_LOGON.name, ANY, False, False)}


def test_a_number_with_a_part_that_is_not_known_may_hold_custom():
    facts = only(json.dumps({"Identity": "EX01\\Relay", "PermissionGroups": 33, "Bindings": []}))
    assert facts.custom is None
    assert facts.state == "unknown"


def test_one_list_in_two_spellings_is_equal():
    text = json.dumps(
        {"Identity": "ex01\\RELAY", "RemoteIPRanges": ["FD00:0:0::1", "10.0.5.0-10.0.5.255"]}
    )
    other = "\nIdentity       : EX01\\Relay\nRemoteIPRanges : {10.0.5.0/24, fd00::1}\n"
    assert ranges(only(other, text)) == ["10.0.5.0/24", "fd00::1"]


def test_a_name_that_fills_its_column_in_dsacls_does_not_give_its_right_to_the_one_above():
    listing = (
        f'C:\\>dsacls "{PATH}"\nAccess list:\n'
        "Allow NT AUTHORITY\\ANONYMOUS LOGON    Submit Messages to Server\n"
        "Deny  NT AUTHORITY\\Authenticated Users\n"
        "                                      Submit Messages to any Recipient"
        "   <Inherited from parent>\n"
    )
    assert entries(only(RELAY, listing)) == {
        (ANONYMOUS_LOGON.name, "ms-Exch-SMTP-Submit", False, False),
        (AUTHENTICATED_USERS.name, ANY, True, True),
    }


def test_a_row_that_somebody_moved_out_of_its_columns_is_not_trusted():
    table = (
        '[PS] C:\\>Get-ADPermission "EX01\\Relay" | ft User,ExtendedRights,Deny,IsInherited\n\n'
        "User                         ExtendedRights                     Deny  IsInherited\n"
        "----                         --------------                     ----  -----------\n"
        f"NT AUTHORITY\\ANONYMOUS LOGON {{{ANY}}} False       False\n"
        f"CONTOSO\\Blocked hosts {{{ANY}}} True False\n"
    )
    imported = concluded(RELAY, table)
    (facts,) = imported.connectors
    assert entries(facts) == {(ANONYMOUS_LOGON.name, ANY, False, False)}
    assert facts.state == "unreadable"
    assert "truncated" in kinds(imported)


def test_entries_squeezed_behind_their_connector_are_told_from_it():
    facts = only(
        "Identity : EX01\\Relay Bindings : {0.0.0.0:25} PermissionGroups : AnonymousUsers, "
        "Custom RemoteIPRanges : {10.0.5.1} and these are the rights: "
        "User : NT AUTHORITY\\ANONYMOUS LOGON "
        f"Identity : EX01\\Relay ExtendedRights : {{{ANY}}} Deny : False IsInherited : False\n"
    )
    assert ranges(facts) == ["10.0.5.1"]
    assert entries(facts) == {(ANONYMOUS_LOGON.name, ANY, False, False)}


def test_a_property_that_somebody_typed_below_a_list_belongs_to_it():
    facts = only(
        "\nName           : Scan\nServer         : EX01\nRemoteIPRanges : 10.1.1.1,10.2.0.0/16\n"
        "PermissionGroups : AnonymousUsers\n"
    )
    assert [group.value for group in facts.groups] == ["AnonymousUsers"]


@pytest.mark.parametrize(
    ("name", "principal"),
    [
        ("NT INSTANS\\ANONYMOUS LOGON", ANONYMOUS_LOGON),
        ("Autoridade NT\\Anonymous Logon", ANONYMOUS_LOGON),
        ("NT AUTHORITY\\ACCESSO ANONIMO", ANONYMOUS_LOGON),
        ("NT AUTHORITY\\Usuarios autentificados", AUTHENTICATED_USERS),
    ],
)
def test_principals_of_other_windows_are_known(name, principal):
    assert parse_principal(name, "CONTOSO") == principal


@pytest.mark.parametrize(
    ("damage", "words"),
    [('<TN RefId::="t1">', "not well-formed"), ('<TN a:RefId="t1">', "unbound prefix")],
)
def test_a_name_that_is_none_in_a_namespace_is_refused_with_its_line(damage, words):
    text = clixml(connector("Relay", 1, LIST)).replace('<TN RefId="t1">', damage)
    with pytest.raises(InvalidInput, match=words) as caught:
        concluded(text)
    assert caught.value.problems[0].line == 3


def test_an_object_whose_end_was_moved_is_not_taken_for_one_with_the_next():
    two = clixml(connector("Relay", 1, LIST), connector("Other", 2, LIST.replace('"7"', '"70"')))
    moved = two.replace("\n  </Obj>\n  <Obj", "\n x  </Obj>\n  <Obj")
    assert [each.name for each in concluded(moved).connectors] == ["Relay", "Other"]
    beside = two.replace("\n  </Obj>\n  <Obj", "</Obj><Obj")
    with pytest.raises(InvalidInput, match="side by side"):
        concluded(beside)
