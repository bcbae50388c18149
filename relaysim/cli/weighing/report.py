"""``relaysim report``: one page to hand over."""

import os
from datetime import datetime

import click

from relaysim import __version__
from relaysim.analysis.endpoints import Narrowing, Surface, endpoints
from relaysim.analysis.findings.audit import audit
from relaysim.analysis.reach import reaches, told, ways
from relaysim.cli.diagnostics import load_telling
from relaysim.cli.exits import ANSWERED
from relaysim.cli.options.output import output_option, page_date, parse_outputs, write_result
from relaysim.cli.options.params import config_option, fresh_options
from relaysim.cli.progress import working
from relaysim.config.source import Configuration, default_source
from relaysim.model.session import TLS_STATES, AuthKind, Session
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import Address
from relaysim.policy.auditing import context_of
from relaysim.policy.policy import Policy
from relaysim.render.report.answer import InputFile, ReportAnswer
from relaysim.render.weighed.audit_answer import AuditAnswer

__all__ = ["command"]

_THINGS = ("relay", "submit", "bypass_anti_spam", "resolve_p2")
_KINDS = (AuthKind.NONE, AuthKind.USER)


@click.command(name="report")
@config_option(multiple=False)
@fresh_options()
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on the page, for equal pages from equal input; default: today.",
)
@output_option("report")
def command(
    config: str | None,
    exchange: ExchangeVersion | None,
    server: str | None,
    day: datetime | None,
    outputs: tuple[str, ...],
) -> int:
    """Write one page to hand over: who may do what, each connector, findings, gaps.

    The HTML page needs nothing beside itself and sends nothing anywhere.

    Example: relaysim report -c relaysim.toml -o html:report.html
    """
    targets = parse_outputs(outputs, "report")
    source = config or default_source(os.environ)
    organization = load_telling(source, exchange=exchange, server=server)
    surface = Surface(organization, endpoints(organization, Narrowing()))
    shape, every = Session(ip=Address(4, 0)), tuple(ways(organization, _KINDS))
    with working("asking about every address"):
        answer = ReportAnswer(
            audit=AuditAnswer(
                configuration=Configuration(source, organization, exchange),
                findings=tuple(audit(organization, context_of(Policy()))),
                spots=surface.spots,
                version=__version__,
            ),
            files=tuple(_files(source)),
            reaches=tuple(
                (
                    thing,
                    tuple(
                        told(
                            reaches(
                                surface, shape, every, thing, families=(4, 6), states=TLS_STATES
                            )
                        )
                    ),
                )
                for thing in _THINGS
            ),
            date=page_date(day),
            version=__version__,
        )
    write_result("report", answer, targets)
    return ANSWERED


def _files(source: str) -> list[InputFile]:
    """Return the files a configuration comes from, with their digests; none for a built-in one."""
    from hashlib import sha256
    from pathlib import Path

    place = Path(source)
    if not place.exists():
        return []
    files = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file())
    found = []
    for file in files[:1000]:
        data = file.read_bytes()
        found.append(InputFile(str(file), sha256(data).hexdigest(), len(data)))
    return found
