"""Server files that once took minutes to refuse."""

import pytest

from relaysim.config.serverfile import parse_server
from relaysim.errors import InvalidInput

LONG = ".".join(["a"] * 50_000)


LINES = {
    "key": f"{LONG} = 1",
    "header": f"[{LONG}]",
    "inline table": f"a = {{{LONG} = 1}}",
    "quoted": '"a" . ' * 50_000 + "b = 1",
}


@pytest.mark.parametrize("where", LINES)
def test_a_key_of_thousands_of_parts_is_refused_with_its_line(where):
    with pytest.raises(InvalidInput, match=r"x\.toml:2: a key of more than 100 parts"):
        parse_server(f"format = 1\n{LINES[where]}\n".encode(), file="x.toml")


def test_a_key_or_text_of_some_parts_is_none_of_those():
    text = "format = 1\n" + ".".join("abcdefghij" * 9) + " = '" + "1." * 99 + "'\n"
    with pytest.raises(InvalidInput, match="unknown key `a`"):
        parse_server(text.encode(), file="x.toml")
