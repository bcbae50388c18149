"""``relaysim batch`` as its user meets it."""

import csv
import gzip
import io
import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

import relaysim as package
from relaysim.batch.rows import ANSWER_COLUMNS, DEFAULT_RESULTS, question_of
from relaysim.batch.stream import blocks
from relaysim.render.wording import answer_word
from tests.console import ROOT, relaysim

HEADER = "ip,auth,from,to\n"
GOOD = "192.168.2.55,none,app@contoso.com,someone@example.net\n"
COMMAND = [sys.executable, "-m", "relaysim", "batch"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def batch(text, *more):
    return relaysim(["batch", *more], stdin=text)


def some_rows(count):
    """Return rows of every kind: both families, mapped, quoted, undecided and wrong ones."""
    kinds = [
        GOOD,
        "203.0.113.9,user,,someone@example.net\n",
        "2001:db8::1,none,app@example.org,boss@contoso.com\n",
        "::ffff:192.168.2.55,,<>,a@example.net;b@example.net\n",
        '192.168.2.57,none,"""a,b""@contoso.com",\n',
        "203.0.113.9,user,app@contoso.com,\n",
        "192.168.2.300,none,,\n",
        "192.168.2.55,none\n",
    ]
    return HEADER + "".join(kinds[number % len(kinds)] for number in range(count))


def test_every_row_is_answered_as_check_answers():
    result = batch(some_rows(40), "--columns", ",".join(("ip", "auth", "to", *ANSWER_COLUMNS)))
    answered = [row for row in rows_of(result.output) if row["submit"] in ("yes", "no", "denied")]
    assert len(answered) >= 25
    organization = package.load("builtin:option-1")
    for row in answered:
        given = {name: row[name] for name in ("ip", "auth", "to")}
        decision = package.evaluate(organization, question_of(given).session())
        for name in ANSWER_COLUMNS:
            assert row[name] == answer_word(getattr(decision.answers, name))


@pytest.mark.parametrize("target", ["csv", "jsonl", "summary"])
def test_quick_and_careful_ways_write_the_same(target):
    # The column `line` is only written the careful way.
    names = f"ip,auth,from,to,{','.join(DEFAULT_RESULTS)},recipient"
    rows = some_rows(64) + varied_rows(64)
    quick = batch(rows, "-o", target, "--columns", names).output
    careful = batch(rows, "-o", target, "--columns", f"{names},line").output
    if target == "csv":
        careful = re.sub(r",(line|\d+)(?=\n)", "", careful)
    assert re.sub(r', "line": \d+(?=}\n)', "", careful) == quick


def varied_rows(count):
    """Return rows with another client, sender and recipient each."""
    domains = ("contoso.com", "example.org", "mail.contoso.com", "bücher.example", "CONTOSO.COM")
    auths = ("none", "user", "exchange", "partner")
    return "".join(
        f"192.168.2.{n},{auths[n % 4]},a{n}@{domains[n % 5]},b{n}@{domains[n % 3]}\n"
        for n in range(count)
    )


def test_a_bad_row_has_its_reason_and_line_and_the_exit_code_is_2():
    result = batch(HEADER + GOOD + "1.2.3,usr,,\n" + GOOD)
    assert result.code == 2
    assert "ip: `1.2.3` is no address" in result.output
    assert "error: standard input:3: ip: `1.2.3`" in result.output
    assert result.output.endswith("error: 1 of 3 rows have no answer\n")


def test_an_undecided_row_says_which_fact_is_missing():
    result = batch("ip,auth,from\n203.0.113.9,user,app@contoso.com\n")
    assert result.code == 2
    assert "(O-7; missing: user)" in rows_of(result.output)[0]["error"]
    place = batch("ip\n1.1.1.1\n", "-c", "docs/examples/two-addresses.toml")
    assert rows_of(place.output)[0]["relay"] == "undecided"
    assert "missing: local-ip" in place.output


@pytest.mark.parametrize("source", ["quick", "careful"])
def test_max_errors_stops_after_that_row(source):
    undecided = "203.0.113.9,user,app@contoso.com,\n"
    bad = undecided if source == "quick" else "1.2.3,,,\n"
    result = batch(HEADER + (GOOD + bad) * 5, "--max-errors", "2")
    lines = result.output.splitlines()
    assert sum(line.startswith(("192.", "203.", "1.2")) for line in lines) == 4
    assert result.output.endswith("stopped there\n")


def test_json_lines_in_and_out():
    asked = [
        {"ip": "192.168.2.55", "to": ["a@example.net", "b@example.net"], "tls": False},
        {"ip": "2001:db8::1", "local-ip": None, "port": 25, "size": "10MB"},
    ]
    result = batch("".join(json.dumps(row) + "\n" for row in asked), "--from", "jsonl")
    assert result.code == 0
    answers = [json.loads(line) for line in result.output.splitlines()]
    assert answers[0]["to"] == ["a@example.net", "b@example.net"]
    assert [row["relay"] for row in answers] == [True, False]
    assert answers[1]["reply"] == "530 5.7.1 Client was not authenticated"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[1]", "no JSON object"),
        ("{", "no JSON ("),
        ('{"ip": 5}', "ip: `5` is no text"),
        ('{"ip": "1.1.1.1", "prot": 25}', "unknown column `prot`"),
        ('{"ip": "1.1.1.1", "tls": "perhaps"}', "tls: `perhaps` is neither yes nor no"),
        ('{"ip": "1.1.1.1", "user": "app"}', "user: only an account has a user"),
        ('{"auth": "none"}', "ip: no client address"),
    ],
)
def test_a_wrong_json_row_is_named(line, message):
    result = batch(line + "\n", "--from", "jsonl")
    assert result.code == 2
    assert message in result.output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "error: -: no header, so there is nothing to answer"),
        ("ip,frm\n", "error: -:1: unknown column `frm`\nhint: did you mean `from`?"),
        ("auth\nnone\n", "error: -:1: no column `ip`"),
        ("ip,IP\n", "error: -:1: column `IP` stands twice"),
        (
            "ip;from;x\n1.2.3.4;;\n",
            "error: -:1: unknown column `x`\n",
        ),
        (
            "ipp\tauth\n",
            "error: -:1: unknown column `ipp\\tauth`\n",
        ),
    ],
)
def test_a_wrong_header_is_one_message_and_nothing_is_written(text, message):
    result = batch(text)
    assert result.code == 2
    assert result.output.startswith(message)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"\x7fELF\x01\x00", 1),
        (b"ip,from\n1.2.3.4,m\xfcller@contoso.com\n", 2),
        (b"ip,from\n1.2.3.4,\n1.2.3.5,a\x00b\n", 3),
        (b"ip,from\n" + b"1.2.3.4,a@\xc3\xa4.x\n" * 25_000 + b"1.2.3.4,\xc3", 25_002),
    ],
)
def test_what_is_no_text_is_one_error_with_its_line(tmp_path, data, line):
    file = tmp_path / "rows.csv"
    file.write_bytes(data)
    target = tmp_path / "out.csv"
    result = relaysim(["batch", str(file), "-o", f"csv:{target}"])
    assert result.code == 2
    assert result.output == (
        f"error: {file}:{line}: not UTF-8 text\n"
        "hint: batch reads CSV or JSON lines in UTF-8; a name that ends in .gz is decompressed\n"
    )
    assert not target.exists()


def test_characters_that_are_cut_by_a_block_are_text(tmp_path):
    file = tmp_path / "rows.csv"
    rows = 24_000
    file.write_text("ip,from\n" + "192.168.2.55,ä€\U0001f4e7@contoso.com\n" * rows, "utf-8")
    target = tmp_path / "out.csv"
    assert relaysim(["batch", str(file), "-o", f"csv:{target}"]).code == 0
    answered = target.read_text("utf-8")
    assert answered.count("ä€\U0001f4e7@contoso.com") == answered.count("CRM Application") == rows


def test_unknown_columns_pass_through_on_request():
    result = batch("ticket,ip\n#1 \x1b,192.168.2.55\n", "--pass-through")
    assert rows_of(result.output)[0]["ticket"] == "#1 \\x1b"
    assert rows_of(result.output)[0]["relay"] == "yes"


def test_a_summary_counts():
    result = batch(HEADER + GOOD * 3 + "1.2.3,,,\n", "-o", "summary")
    assert result.output.splitlines()[0] == "4 rows, 1 without an answer"
    assert "3     CRM Application  yes     yes" in result.output


def test_gzip_in_and_out_and_several_processes_keep_the_order(tmp_path):
    text = some_rows(9_000)
    source, target = tmp_path / "in.csv.gz", tmp_path / "out.csv.gz"
    source.write_bytes(gzip.compress(text.encode()))
    result = relaysim(["batch", str(source), "--jobs", "2", "-o", f"csv:{target}"])
    assert result.code == 2
    assert "error: 3375 of 9000 rows have no answer (3365 more not listed here)" in result.output
    alone = batch(text).output
    assert alone.startswith(gzip.decompress(target.read_bytes()).decode())
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["in.csv.gz", "out.csv.gz"]


def test_a_wrong_question_leaves_the_older_file_alone(tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("before")
    result = batch("ip,frm\n", "-o", f"csv:{target}")
    assert result.code == 2
    assert target.read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 1


def test_blocks_end_with_whole_rows_wherever_the_input_is_cut():
    text = b'ip,x\n1.1.1.1,"a\nb"\n1.1.1.2,c'

    class Slow(io.BytesIO):
        def read1(self, size=-1):
            return self.read(min(size, 3))

    found = list(blocks(Slow(text), "-", quotes=True))
    assert b"".join(block.data for block in found) == text
    assert [block.data.count(b'"') % 2 for block in found] == [0] * len(found)
    assert [block.first_line for block in found] == [1, 2, 4]


def test_rows_are_answered_as_they_come():
    process = subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT, cwd=ROOT
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"ip\n192.168.2.55\n")
    process.stdin.flush()
    assert process.stdout.readline().startswith(b"ip,")
    assert process.stdout.readline().startswith(b"192.168.2.55,CRM Application,yes,yes")
    process.stdin.close()
    process.stdout.close()
    assert process.wait() == 0


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text(HEADER + GOOD * 50_000)
    process = subprocess.Popen(
        [*COMMAND, str(source)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_interrupt_leaves_no_half_line(tmp_path, unbuffered):
    source = tmp_path / "in.csv"
    source.write_text(HEADER + GOOD * 50_000)
    process = subprocess.Popen(
        [*COMMAND, str(source)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env=ENVIRONMENT | {"PYTHONUNBUFFERED": unbuffered},
        cwd=ROOT,
    )
    assert process.stdout is not None
    # A block is more than a pipe holds, so that it is stopped in the middle of writing one.
    first = b""
    while first.count(b"\n") < 1_500:
        first += process.stdout.read(4096)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    rest, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert error.split() == [b"interrupted"]
    lines = (first + rest).decode().splitlines(keepends=True)
    assert 1_000 < len(lines) < 50_000
    assert {line.count(",") for line in lines} == {12}
    assert lines[-1].endswith("\n")


@pytest.mark.parametrize("target", ["csv", "jsonl"])
@pytest.mark.parametrize("source", ["csv", "jsonl"])
def test_only_the_columns_that_are_named_are_written(source, target):
    rows = HEADER + GOOD if source == "csv" else '{"ip": "192.168.2.55", "auth": "none"}\n'
    result = batch(rows, "--from", source, "-o", target, "--columns", "connector,relay")
    assert result.code == 0
    if target == "csv":
        assert result.output == "connector,relay\nCRM Application,yes\n"
    else:
        assert json.loads(result.output) == {"connector": "CRM Application", "relay": True}
