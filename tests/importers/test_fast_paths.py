"""What is read at once is what is read line by line, and tag by tag."""

import random
from itertools import count
from typing import Any

import pytest

from relaysim.errors import InvalidInput
from relaysim.importers.formats import clixml
from relaysim.importers.formats.clixml import read_clixml
from relaysim.importers.printed import moulds
from relaysim.importers.printed.text import read_text
from relaysim.importers.printed.text_blocks import read_text_blocks
from relaysim.importers.shared_values import SharedValues
from tests.fuzz.damage import damaged
from tests.fuzz.test_importers import FORMS
from tests.importers import writers

RELAY = {
    "Name": "Relay",
    "Identity": "EX01\\Relay",
    "Enabled": True,
    "Bindings": ["0.0.0.0:25", "[::]:25"],
    "RemoteIPRanges": [f"10.0.{number}.0/24" for number in range(30)],
    "PermissionGroups": "AnonymousUsers, Custom",
    "Comment": "a comment of several words that is longer than the line, with RemoteIPRanges : {x}",
    "AuthMechanism": "Tls",
}
LINES = (
    writers.format_list([RELAY, RELAY | {"Name": "B"}, RELAY | {"Comment": ""}], width=70),
    writers.format_list([RELAY, RELAY], width=50, words=False).replace("\n\n", "\n\n\n"),
    writers.format_list([RELAY], width=60).replace("\n", "\r\n")
    + "[PS] C:\\>Get-ReceiveConnector\n",
    writers.format_list([RELAY]).replace("\n", "\n\n"),
    writers.format_table([{"Name": "Relay", "Server": "EX01", "Enabled": True}])
    + writers.format_list([RELAY]),
    FORMS["list"],
    FORMS["table"],
    FORMS["one line"],
)


def shape(records):
    """Return what records say; the items of a list are its text, however it was kept."""
    found = []
    for record in records:
        values = {
            name: (
                "{" + ", ".join(value.items) + "}" if value.items is not None else value.text,
                record.line_of(name),
            )
            for name, value in record.values.items()
        }
        found.append((record.kind, record.line, record.form, record.context, values))
    return found


def chunks(text, chance):
    place = 0
    while place < len(text):
        size = chance.choice((1, 7, 100, 5000))
        yield text[place : place + size]
        place += size


@pytest.mark.parametrize("seed", range(60))
def test_runs_of_lines_say_what_their_lines_say(seed):
    chance = random.Random(seed)  # noqa: S311
    for source in LINES:
        data = source.encode()
        for text in (source, damaged(data, chance).decode("utf-8", "replace")):
            one: list[Any] = []
            other: list[Any] = []
            lines = text.replace("\r\n", "\n").split("\n")
            by_line = shape(read_text(lines, "x", one))
            assert shape(read_text_blocks(chunks(text, chance), "x", other)) == by_line, text
            assert one == other


OTHERS = {f"Property{number}": "False" for number in range(6)}


def varied(chance):
    """Return connectors that are laid out nearly alike, as a farm of servers prints them."""
    for number in range(40):
        one = RELAY | OTHERS | {"Name": f"Relay {number}", "Server": f"EX{number % 3}"}
        one["Comment"] = "a comment"
        one["RemoteIPRanges"] = [f"10.0.{at}.0/24" for at in range(chance.randrange(30))]
        one[f"Property{chance.randrange(6)}"] = str(chance.randrange(9))
        if not chance.randrange(8):
            del one[chance.choice(list(one))]
        if not chance.randrange(8):
            one["Comment"] = chance.choice(("", "Name : B", "M\u00fcller", "Relay\nName : x"))
        yield one


@pytest.mark.parametrize("seed", range(25))
def test_objects_that_are_laid_out_alike_say_what_their_lines_say(seed, monkeypatch):
    chance = random.Random(seed)  # noqa: S311
    monkeypatch.setattr(moulds, "_MOST_RUNS", 4)
    monkeypatch.setattr(moulds, "_MANY", 2)
    source = writers.format_list(list(varied(chance)), width=chance.choice((60, 120)))
    source = source.replace("Server  ", "Server :", chance.randrange(2))
    for text in (source, damaged(source.encode(), chance).decode("utf-8", "replace")):
        by_line = shape(read_text(text.replace("\r\n", "\n").split("\n"), "x", []))
        assert shape(read_text_blocks([text], "x", [])) == by_line
    assert any(isinstance(one.values, SharedValues) for one in read_text_blocks([source], "x", []))


def outcome(text, chance):
    try:
        found = list(read_clixml(chunks(text, chance), "x"))
    except InvalidInput:
        return None
    return [
        (
            record.kind,
            record.type_name,
            {name: value.items or value.text for name, value in record.values.items()},
        )
        for record in found
    ]


@pytest.mark.parametrize("seed", range(60))
def test_the_layout_of_a_document_says_nothing_of_its_objects(seed):
    chance = random.Random(seed)  # noqa: S311
    source = writers.clixml([RELAY, RELAY | {"Name": "<B> & _x000D_"}, RELAY])
    damage = damaged(source.encode(), chance).decode("utf-8", "replace")
    for text in (source, damage):
        squeezed = "".join(line.strip() for line in text.split("\n"))
        commented = text.replace("<Props>", "<!-- <Obj> --><Props>")
        laid_out = outcome(text, chance)
        if laid_out is not None and "\n" not in str(laid_out):
            assert outcome(squeezed, chance) == laid_out
        assert outcome(commented, chance) == laid_out


def test_a_property_of_a_document_has_its_own_line():
    text = writers.clixml([RELAY, RELAY | {"Name": "B"}])
    lines = text.split("\n")
    for record in read_clixml([text], "x"):
        for name in record.values:
            line = record.line_of(name)
            assert line is not None
            assert f'N="{name}"' in lines[line - 1]


def test_a_list_of_objects_at_the_top_is_its_objects():
    inner = writers.clixml([RELAY, RELAY | {"Name": "B"}]).split("\n")
    text = "\n".join([
        inner[0], '<Obj RefId="900"><TN RefId="90"><T>System.Object[]</T></TN><LST>',
        *inner[1:-1], "</LST></Obj>", inner[-1],
    ])  # fmt: skip
    found = list(read_clixml([text], "x"))
    assert [record.text("Name") for record in found] == ["Relay", "B"]


LAID_OUT = """<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
  <Obj RefId="0">
    <TN RefId="0">
      <T>Deserialized.Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector</T>
      <T>Deserialized.System.Object</T>
    </TN>
    <ToString>EX01\\Relay</ToString>
    <Props>
      <S N="Comment">one_x000D__x000A_two LONG</S>
      <Nil N="DefaultDomain" />
      <S N="Fqdn">a &amp; b</S>
      <S N="Name"></S>
      <B N="Enabled">true</B>
      <Obj N="PermissionGroups" RefId="3">
        <TN RefId="3">
          <T>Deserialized.PermissionGroups</T>
        </TN>
        <ToString>AnonymousUsers, Custom</ToString>
        <I32>33</I32>
      </Obj>
      <Ref N="AuthMechanism" RefId="3" />
      <Obj N="Identity" RefId="4">
        <TNRef RefId="3" />
        <ToString>EX01\\Relay</ToString>
        <Props>
          <S N="DistinguishedName">CN=Relay</S>
        </Props>
      </Obj>
      <Obj N="RemoteIPRanges" RefId="5">
        <LST>
          <S>10.0.0.1</S>
        </LST>
      </Obj>
    </Props>
    <MS>
      <BA N="SerializationData">AAEC</BA>
    </MS>
  </Obj>
  <Obj RefId="9">
    <TNRef RefId="0" />
    <Props>
      <S N="Name">B</S>
      <Ref N="PermissionGroups" RefId="3" />
    </Props>
  </Obj>
</Objs>
""".replace("LONG", "long " * 100)


@pytest.mark.parametrize(
    "text",
    [
        LAID_OUT,
        LAID_OUT.replace("\n", "\r\n"),
        # Somebody laid out a part of the identity as if it were a property of the connector.
        LAID_OUT.replace('          <S N="DistinguishedName"', '      <S N="DistinguishedName"'),
        LAID_OUT.replace('<S N="Name"></S>', '<S N="Comment">again</S>'),
        LAID_OUT.replace('<S N="Name"></S>', "<S N='Name'>x</S>"),
        LAID_OUT.replace("    <MS>", "    <MS><!-- no shell writes this -->"),
    ],
    ids=["as it is", "CR LF", "moved", "twice", "quotes", "comment"],
)
def test_an_object_in_lines_says_what_its_tree_says(text):
    by_tags = text.replace('2004/04">', '2004/04"><!-- -->', 1)
    found = shape(read_clixml([text], "x"))
    assert found == shape(read_clixml([by_tags], "x"))
    assert found[1][4]["PermissionGroups"][0] == "AnonymousUsers, Custom"


def blocks_of(number, chance):
    """Return properties of several lines, each from few, and what later objects may refer to."""
    user, sid = chance.choice(
        (("A", "S-1-5-7"), ("CONTOSO\\b &amp; c", ""), ("_x0041_", "S-1-5-11"))
    )
    head = chance.choice(('<TNRef RefId="1" />', f'<TN RefId="{number}"><T>X</T></TN>'))
    inner = f'<S N="SecurityIdentifier">{sid}</S>' if sid else '<B N="IsDeleted">false</B>'
    rights = chance.sample(("ms-Exch-SMTP-Submit", "ms-Exch-SMTP-Accept-Any-Recipient", "x"), 2)
    listed = "".join(f"\n          <S>{right}</S>" for right in rights)
    text = chance.choice(("<ToString>U</ToString>", f"<ToString>{user}</ToString>", ""))
    yield "User", f"{head}\n        {text}\n        <Props>\n          {inner}\n        </Props>"
    yield "ExtendedRights", f"{head}\n        <LST>{listed}\n        </LST>"
    yield "Deny", f"{head}\n        <ToString>{chance.choice(('True', 'False'))}</ToString>"
    yield "Note", f'<DCT><En><S N="Key">k</S><S N="Value">{user}</S></En></DCT>'


def entries_as_objects(chance):
    numbers = count(10)
    found = []
    kept: list[int] = []
    for _ in range(40):
        lines = []
        for name, text in blocks_of(next(numbers), chance):
            number = next(numbers)
            if kept and chance.random() < 0.1:
                lines.append(f'      <Ref N="{name}" RefId="{chance.choice(kept)}" />')
                continue
            kept.append(number)
            block = f'      <Obj N="{name}" RefId="{number}">\n        {text}\n      </Obj>'
            lines.append(block if chance.random() < 0.9 else block.replace("\n", " "))
        lines.append(f'      <S N="Identity">EX01\\{chance.randrange(9)}</S>')
        chance.shuffle(lines)
        head = '  <Obj RefId="0">\n    <TNRef RefId="0" />\n    <Props>\n'
        found.append(head + "\n".join(lines) + "\n    </Props>\n  </Obj>\n")
    return "".join(found)


@pytest.mark.parametrize("seed", range(12))
def test_properties_of_several_lines_say_what_their_trees_say(seed, monkeypatch):
    chance = random.Random(seed)  # noqa: S311
    monkeypatch.setattr(clixml, "_BATCH", chance.choice((1, 2000, 1 << 16)))
    begin = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
    text = f"{begin}\n{entries_as_objects(chance)}</Objs>\n"
    found = shape(read_clixml([text], "x"))
    assert len(found) == 40
    assert found == shape(read_clixml([text.replace(begin, f"{begin}<!-- -->")], "x"))
