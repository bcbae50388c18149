"""Several processes read what one reads: the same summary, to the number of a damaged line."""

import gzip

import pytest

from relaysim.errors import InvalidInput
from relaysim.replay.reading import workers
from relaysim.replay.reading.files import find_logs, gather_logs
from relaysim.replay.reading.workers import crew_for, gather_jobs
from tests.replay.logs import HEAD, REFUSED, RELAYED, session_rows

SEND = "#Log-type: SMTP Send Protocol Log\n"


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    # Long enough that a session is cut in two, or its damaged row stands in any part.
    monkeypatch.setattr(workers, "_PART", 5000)


def rows_of(count):
    """Return the rows of sessions, three open at a time, without the head of a log."""
    told = [
        session_rows(n, RELAYED if n % 3 else REFUSED, client=f"172.16.4.{n % 9}:{n}")
        for n in range(count)
    ]
    rows = []
    for start in range(0, count, 3):
        three = told[start : start + 3]
        for place in range(max(map(len, three))):
            rows += [each[place] for each in three if place < len(each)]
    return rows


def test_several_processes_come_to_the_summary_of_one(tmp_path):
    rows = rows_of(60)
    rows[100] = rows[100][:30] + "\n"
    rows[-5] = rows[-5][:30] + "\n"
    long = "x" * 12_000
    rows.insert(40, f"2025-03-01T08:00:00.001Z,A,B,{long},172.16.0.1:25,172.16.4.9:1,*,,\n")
    (tmp_path / "1.log").write_bytes("\ufeff".encode() + (HEAD + "".join(rows)).encode())
    # Begun here, and ended in the next.
    (tmp_path / "2.log.gz").write_bytes(gzip.compress((HEAD + "".join(rows[:5])).encode()))
    (tmp_path / "3.log").write_text(HEAD + "".join(rows[5:]), encoding="utf-8")
    (tmp_path / "seen.txt").write_text("220 MX1 ready\nEHLO x\n", encoding="utf-8")
    # A log of another kind behind it: its rows are no rows here, in whatever part they stand.
    (tmp_path / "4.log").write_text(HEAD + "".join([*rows, SEND, *rows]), encoding="utf-8")
    logs = find_logs([str(tmp_path)])
    one = gather_logs(logs, None)
    assert one.summary.unreadable_count > len(rows)
    for jobs in (2, 3):
        told: list[int] = []
        with crew_for(logs, jobs=jobs) as crew:
            found = gather_jobs(logs, None, crew=crew, progress=told.append)
        assert found == one


def test_a_file_that_another_process_cannot_read_is_named(tmp_path):
    for name in ("a.log", "b.log", "c.log"):
        (tmp_path / name).write_text(HEAD + "".join(rows_of(30)), encoding="utf-8")
    logs = find_logs([str(tmp_path)])
    (tmp_path / "a.log").unlink()
    with (
        pytest.raises(InvalidInput, match=r"a\.log.* cannot be read"),
        crew_for(logs, jobs=2) as crew,
    ):
        gather_jobs(logs, None, crew=crew)
