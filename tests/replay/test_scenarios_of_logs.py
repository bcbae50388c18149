"""Last month's logs become a scenario that passes where the description is true."""

import pytest

from tests.console import relaysim
from tests.replay.logs import REFUSED, RELAYED, SERVER, log_of, session_rows


@pytest.fixture
def place(tmp_path):
    """Return a folder with a log and, in a folder of its own, the server file."""
    other = {"connector": "MX1\\Default Frontend MX1", "client": "198.51.100.7:5"}
    hidden = {"connector": "MX1\\Printers", "client": "x.x.x.x:5"}
    rows = [session_rows(1, RELAYED), session_rows(2, REFUSED, **other)]
    rows += [session_rows(3, RELAYED, **hidden)]
    (tmp_path / "a.log").write_text(log_of(*rows), "utf-8")
    (tmp_path / "servers").mkdir()
    (tmp_path / "servers" / "mx1.toml").write_text(SERVER, "utf-8")
    (tmp_path / "tests").mkdir()
    return tmp_path


def written(place, config, *more):
    asked = ["replay", "a.log", "-c", str(config), "--to-scenario", "tests/seen.toml", *more]
    assert relaysim(asked, cwd=place).code == 0
    return (place / "tests" / "seen.toml").read_text("utf-8")


@pytest.mark.parametrize("whole", [False, True])
def test_the_scenario_names_the_server_file_from_where_it_lies_and_passes(place, whole):
    config = place / "servers" / "mx1.toml" if whole else "servers/mx1.toml"
    text = written(place, config)
    assert 'server = "../servers/mx1.toml"' in text
    assert "# 1 session of 1 client, 2025-03-01\n" in text
    assert "# 1 session is left out" in text
    assert "someone@elsewhere.invalid" in text
    assert "joe@" not in text
    found = relaysim(["test", "tests/seen.toml"], cwd=place)
    assert (found.code, "2 passed" in found.output) == (0, True), found.output


def test_a_built_in_server_is_named_as_it_is(place):
    assert 'server = "builtin:option-1"' in written(place, "builtin:option-1")
