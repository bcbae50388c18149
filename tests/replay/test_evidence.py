"""Composed logs with known outcomes: every session is judged as any correct reader must."""

import json
import os
from pathlib import Path

import pytest

import relaysim
from relaysim.replay.judging import SessionJudge
from relaysim.replay.reading.files import find_logs, gather_logs
from relaysim.replay.reading.reduction import ReducedDomains, SessionReader, client_of
from relaysim.replay.report import report
from relaysim.replay.what_if import what_if

FOLDER = Path(os.environ.get("RELAYSIM_EVIDENCE", "")) / "replay"
CASES = sorted(p.parent for p in FOLDER.glob("*/expect.json")) if FOLDER.is_dir() else []
OUTCOMES = {"changed": "different"}


def sessions_of(case, expected):
    """Return the server and (session, client) by key, cut sessions among them."""
    server = relaysim.load(str(case / expected["config"][0]))
    found = {}

    def tell(key, session, client):
        found[key] = session, client

    logs = find_logs(str(case / name) for name in expected["logs"])
    gathered = gather_logs(logs, server.accepted_domains, watch=tell)
    reader = SessionReader(ReducedDomains(server.accepted_domains))
    for part in gathered.summary.fragments:
        session = reader.read(part.connector, part.local, part.rows)
        found[f"{session.server}|{part.session}"] = session, client_of(part.remote)
    return server, gathered.summary, found


@pytest.mark.skipif(not CASES, reason="RELAYSIM_EVIDENCE names no folder")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_session_has_the_outcome_that_is_known(case):
    expected = json.loads((case / "expect.json").read_text("utf-8"))
    server, summary, found = sessions_of(case, expected)
    judge = SessionJudge(server)
    for each in expected["sessions"]:
        session, client = found[each["key"]]
        got = judge.judge(session, client).outcome.value
        wanted = {OUTCOMES.get(each["outcome"], each["outcome"]), each.get("allow")}
        assert got in wanted, (each["key"], each["why"])
        assert client == each["client"]
        if "account" in each:
            assert session.account == each["account"]
    use = {u.connector: u for u in report(summary, server).use.seen}
    for each in expected["connectors"]:
        seen = use[each["connector"]]
        assert (seen.sessions, len(seen.clients)) == (each["sessions"], each["clients"])
        assert (seen.first, seen.last) == (each["first"], each["last"])


@pytest.mark.skipif(not CASES, reason="RELAYSIM_EVIDENCE names no folder")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_session_meets_of_a_changed_configuration_what_is_known(case):
    expected = json.loads((case / "expect.json").read_text("utf-8"))
    if "what_if" not in expected:
        pytest.skip("nothing changed in this one")
    _, _, found = sessions_of(case, expected)
    judge = SessionJudge(relaysim.load(str(case / expected["what_if"]["new"])))
    for key, words in expected["what_if"]["sessions"].items():
        got = what_if(judge, *found[key])
        text = f"{got.outcome.value}: {'; '.join(got.why)}"
        assert text.startswith(words.split(":")[0].split(" ")[0]), (key, words, text)
