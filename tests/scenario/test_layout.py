"""Every value of a TOML document is found where it stands, whatever the document looks like."""

import tomllib
from typing import Any

import pytest

from relaysim.scenario.rewriting.layout import places

NASTY = '''\
# [[step]] in a comment = { x = 1 }
format = 1 # one
"quoted key" = "a # no comment \\" [ { = , "   # yes
'literal.key' = 'C:\\path\\'
dotted . key."with.dot" = 0x1F
when = 1979-05-27 07:32:00Z   # a date with a blank
multi = """
[[step]]
name = "not one" \\
  "" two quotes ""\\"""
"""
five = """"two quotes at the ends"""""
raw = \'\'\'
]] } it\'s raw \'\' "
\'\'\'\'\'
array = [ # comment ] in an array
  [1, 2,], # another
  { a = "}", b = { c = [ "]" ] } },
  "x",
]
empty = []
nothing = {}

[table]
x = +1.5e3
[table.sub]
y = true
[[step]]
name = "a"
[step.check] # a table of the step
ip = "any"
[[step.set.connector]]
n = 1
[[step.set.connector.ace]]
u = 2
[[step.set.connector.ace]]
u = 3
[[ step ]]
name = "b"
expect.relay = false
'''


@pytest.mark.parametrize("text", [NASTY, NASTY.replace("\n", "\r\n"), "", "a=1", "a = [\n]\n"])
def test_every_value_is_where_it_is_said_to_be(text):
    tables = tomllib.loads(text)
    found = places(text)
    for path, place in found.items():
        value: Any = tables
        for key in path:
            value = value[key]
        if not place.is_header:
            assert tomllib.loads(f"x = {text[place.start : place.end]}") == {"x": value}, path
            assert text[place.end - 1] not in " \t\r\n"
    assert set(leaves(tables)) <= found.keys()


def leaves(value, path=()):
    """Yield the path of everything that is neither a table nor a list."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path


def test_headers_of_the_same_array_are_counted():
    found = places(NASTY)
    assert found["step", 1].is_header
    assert found["step", 0, "set", "connector", 0, "ace", 1].is_header
    assert NASTY[found["step", 1, "expect", "relay"].start :].startswith("false")
