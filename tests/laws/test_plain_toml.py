"""What the quick reader of TOML takes, the standard library reads as the same."""

import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import relaysim
from relaysim.config.toml.plain import read_plain
from relaysim.config.writer import format_server

_HEADERS = ["[a]", "[[a]]", "[a.b]", "[[a.b]]", "[b]", "[[b]]", "[b.a]", "[a.b.c]", "[ a ]", "[a"]
_TEXTS = ['"x"', r'"C\\u"', r'"say \"x\""', r'"\t"', r'"\x"', '"a\tb"', "'C\\u'", "''", '""']
_LONG_TEXTS = ['"""', "'''", '""" x """', '"""\nx = "y"\n"""', '"x" x']
_LISTS = ["[]", '["x"]', "[\"x\", 'y',]", '[\n  "x",\n  "y"\n]', '[ # one\n"x"]', '["x" "y"]']
_OTHERS = ['[["x"]]', "[1, 2]", "[{ c = 1 }]", "{ c = 1 }", "{}", "true", "false", "True", "", "x"]
_NUMBERS = ["0", "00", "25", "-1", "+1", "1_0", "0x1", "1.5", "1979-05-27", "inf", "9" * 19]
_VALUES = [*_TEXTS, *_LONG_TEXTS, *_LISTS, *_OTHERS, *_NUMBERS]
_ENDS = ["", "", "", " ", "  # c", "#\tc", "# \x01", "\t"]
_KEYS = ["a", "b", "c", "a.b", '"a"', "a-b_1", " c", "ä"]
_lines = st.one_of(
    st.tuples(st.sampled_from(_HEADERS), st.sampled_from(_ENDS)).map("".join),
    st.builds(
        "{} = {}{}".format,
        st.sampled_from(_KEYS),
        st.sampled_from(_VALUES),
        st.sampled_from(_ENDS),
    ),
    st.sampled_from(["", "# c", "\x0b", "\r", "=", "a"]),
)


def read_by_the_standard_library(text):
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


@given(st.lists(_lines, max_size=8), st.sampled_from(["\n", ""]))
@example(["a = []", "[[a]]"], "\n")
@example(["a = [{ c = 1 }]", "[[a]]"], "")
@example(["a = { c = 1 }", "[a.b]"], "\n")
@example(["[[a]]", "[[a.b]]", "c = 1", "[[a]]", "[a.b]"], "\n")
def test_what_is_read_quickly_is_what_the_standard_library_reads(lines, end):
    text = "\n".join(lines) + end
    found = read_plain(text)
    assert found is None or repr(found) == repr(read_by_the_standard_library(text))


@pytest.mark.parametrize("value", [value for value in _VALUES if value.count("\n") != 1])
def test_every_value_alone_is_read_as_the_standard_library_reads_it(value):
    text = f"a = {value} # c"
    found = read_plain(text)
    assert found is None or repr(found) == repr(read_by_the_standard_library(text))


@pytest.mark.parametrize("name", ["builtin:option-1", "builtin:option-2", "builtin:default"])
def test_server_files_as_they_are_written_are_read_quickly(name):
    text = format_server(relaysim.load(name))
    assert read_plain(text) == tomllib.loads(text)


def test_a_long_line_that_is_no_toml_takes_no_longer_than_its_length():
    for line in (
        "a" * 200_000,
        "a = " + '"x", ' * 50_000,
        "[" + "a." * 100_000,
        "a = [" + '"x",' * 50_000,
    ):
        assert read_plain(line) is None
