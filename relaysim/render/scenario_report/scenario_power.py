"""What the steps of a scenario do to power, in words and as data."""

from collections.abc import Iterator
from typing import Any

from relaysim.analysis.compare.change import ChangeKind, PowerChange
from relaysim.analysis.compare.compare import FOREIGN
from relaysim.config.difference import changes
from relaysim.config.toml_text import format_value
from relaysim.engine.decide import evaluate
from relaysim.model.decision import Missing
from relaysim.model.session import Session
from relaysim.net.address import parse_address
from relaysim.render.power_lines import change_items, power_items
from relaysim.render.weighed.diff_view import (
    change_document,
    covered_document,
    side_of,
    witness_question,
)
from relaysim.render.wording import unknown_words
from relaysim.scenario.power import PowerBreach, PowerResult
from relaysim.scenario.reading.allowance import written_power
from relaysim.scenario.reading.schema import Allowance

__all__ = ["power_breach_rows", "power_document", "power_rows"]


def power_rows(power: PowerResult) -> list[tuple[str, list[str]]]:
    """Return what a step changed, labelled: its text, then what that gives and takes."""
    if power.before is power.after:
        return [("power", ["= nothing was changed"])]
    texts = changes(power.before, power.after, changed=True)
    found = [("text", [f"{each.sign} {each.where}: {each.text}" for each in texts])]
    return [*(found if texts else []), ("power", power_items(power.comparison))]


def power_breach_rows(broken: PowerBreach, power: PowerResult) -> list[tuple[str, str]]:
    """Return labelled lines: what was expected, what is, and what is not known of it."""
    rows = [("expected", f"{broken.key} = {_written(broken.wanted)}")]
    actual = change_items(broken.changes, power.comparison)
    actual += [f"{text}: stays as it was" for text in broken.missing]
    rows += [("actual", text) for text in actual or [_other_word(broken)]]
    unknown = (c for c in broken.changes if c.kind is ChangeKind.CANNOT_TELL)
    missing = unknown_words(one for change in unknown for one in _missing(change, power))
    return rows + [("unknown", words) for words in missing]


def power_document(power: PowerResult) -> dict[str, Any]:
    """Return what a step did to power as data, in the shape of ``relaysim.diff/1``."""
    comparison = power.comparison
    texts = changes(power.before, power.after, changed=True)
    return {
        "equal_power": comparison.equal_power,
        "covered": covered_document(comparison),
        "changes": [_change(each, power) for each in comparison.changes],
        "text": [each._asdict() for each in texts],
        "broken": [
            {
                "key": broken.key,
                "expected": written_power(broken.wanted),
                "changes": [_change(each, power) for each in broken.changes],
                "missing": list(broken.missing),
            }
            for broken in power.breaches
        ],
    }


def _change(change: PowerChange, power: PowerResult) -> dict[str, Any]:
    question = witness_question(change, power.before, power.after)
    return {**change_document(change), "witness": {"question": question}}


def _other_word(broken: PowerBreach) -> str:
    """Return what is instead of a change that was expected and is none."""
    return f"{broken.key} = {_written(not broken.wanted)}"


def _written(wanted: bool | tuple[Allowance, ...]) -> str:  # noqa: FBT001  # a value of the file
    return format_value(written_power(wanted))


def _missing(change: PowerChange, power: PowerResult) -> Iterator[Missing]:
    """Yield the facts that would tell what becomes of a change, on either side."""
    ip, endpoint, tls = change.witness
    local = witness_question(change, power.before, power.after)["local_ip"]
    shape = Session(
        ip=ip,
        port=endpoint.port,
        local_ip=parse_address(local) if local else None,
        rcpt_to=(FOREIGN,),
    )
    session = change.way.session(shape, tls=tls)
    for side in (power.before, power.after):
        asked = side_of(side, endpoint)
        if asked is not None:
            yield from evaluate(asked, session).missing
