"""What published scripts are made of: a small script of our own for each construct.

Each script of ``constructs/`` begins with comments that say how it is run (``exchange``,
``address`` of EX01 beside a second server EX02, ``answer``, ``argument``, ``now``, ``keep-going``)
and ends with comments of what comes of it: ``>`` a line of the output, ``note`` a part of a
remark, ``warning``, ``error`` an id, ``file`` a path written, ``kept`` a setting.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from relaysim.builtin.fresh import fresh_server, fresh_servers
from relaysim.lean import replace
from relaysim.management_shell.running import ExchangeSession
from relaysim.model.version import parse_version
from relaysim.net.address import parse_address
from relaysim.smtp.clients.submission import submit_mail

CONSTRUCTS = Path(__file__).parent / "constructs"
SCRIPTS = sorted(CONSTRUCTS.glob("*.ps1"))
_LINE = re.compile(
    r"# (exchange|address|answer|argument|now|keep-going|note|warning|error|file|kept|>)(?: (.*))?$"
)


@dataclass
class Construct:
    """A script with how it is run and what it does."""

    text: str
    told: dict[str, list[str]] = field(default_factory=dict)

    def all(self, word: str) -> list[str]:
        return self.told.get(word, [])

    def one(self, word: str, default: str) -> str:
        return self.all(word)[0] if self.all(word) else default


def read(path):
    construct = Construct(path.read_text("utf-8"))
    for line in construct.text.splitlines():
        match = _LINE.match(line)
        if match:
            construct.told.setdefault(match[1], []).append(match[2] or "")
    return construct


def run(path):
    construct = read(path)
    now = construct.one("now", "")
    organization = fresh_server(exchange=parse_version(construct.one("exchange", "2016")))
    if "address" in construct.told:
        both = fresh_servers(server=("EX01", "EX02"), exchange=organization.exchange)
        known = tuple(map(parse_address, construct.all("address")))
        first = replace(both.servers[0], addresses=known)
        organization = replace(both, servers=(first, *both.servers[1:]))
    session = ExchangeSession(
        organization,
        answers=construct.all("answer") or None,
        arguments=construct.all("argument"),
        now=datetime.fromisoformat(now) if now else None,
        keep_going="keep-going" in construct.told,
        judge=submit_mail,
    )
    return construct, session, session.run(construct.text, file=path.name)


def test_there_are_constructs():
    assert len(SCRIPTS) > 20


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_construct_of_published_scripts_is_taken_and_does_what_it_says(path):
    construct, session, result = run(path)
    assert [error.id for error in result.errors] == construct.all("error"), result.errors
    shown = [" ".join(line.split()) for line in result.output.splitlines() if line.strip()]
    assert shown == [" ".join(line.split()) for line in construct.all(">")]
    assert len(result.remarks) == len(construct.all("note")), result.remarks
    for part, remark in zip(construct.all("note"), result.remarks, strict=True):
        assert part in remark
    assert list(result.warnings) == construct.all("warning")
    assert [file.path for file in session.session.files] == construct.all("file")
    assert [str(one) for one in result.unmodelled] == construct.all("kept")
