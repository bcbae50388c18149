"""Schemas of differences of power: between two configurations, and of a scenario's step."""

from relaysim.analysis.compare.change import ChangeKind
from relaysim.schema.decided import (
    AUTH,
    CONFIGURATION,
    ENDPOINTS,
    MAYBE_FLAG,
    MAYBE_TEXT,
    TEXTS,
    format_of,
)
from relaysim.schema.pieces import (
    FLAG,
    INTEGER,
    TEXT,
    Schema,
    either,
    listed,
    record,
    word,
)

__all__ = ["diff_schema", "power_schema"]

_QUESTION = record(
    ip=TEXT,
    port=INTEGER,
    local_ip=MAYBE_TEXT,
    auth=AUTH,
    user=MAYBE_TEXT,
    tls=FLAG,
    group=MAYBE_TEXT,
    server=MAYBE_TEXT,
)
_CHANGE: dict[str, Schema] = {
    "kind": word(kind.value for kind in ChangeKind),
    "right": MAYBE_TEXT,
    "identity": TEXT,
    "auth": AUTH,
    "ranges": TEXTS,
    "endpoints": ENDPOINTS,
    "tls": listed(FLAG),
    "connector_before": MAYBE_TEXT,
    "connector_after": MAYBE_TEXT,
    "reply_before": MAYBE_TEXT,
    "reply_after": MAYBE_TEXT,
    "by_version": FLAG,
}
_COVERED = record(endpoints=ENDPOINTS, tls=listed(FLAG), identities=TEXTS)
_SETTINGS = listed(record(sign=TEXT, where=TEXT, text=TEXT))


def diff_schema() -> Schema:
    """Return the schema of ``relaysim.diff/1``."""
    witness = record(question=_QUESTION, command=TEXT)
    return record(
        format=format_of("diff"),
        before=CONFIGURATION,
        after=CONFIGURATION,
        equal_power=MAYBE_FLAG,
        covered=_COVERED,
        changes=listed(record(**_CHANGE, expected=FLAG, witness=witness)),
        text=_SETTINGS,
    )


def power_schema() -> Schema:
    """Return the schema of what a step of a scenario does to power."""
    changes = listed(record(**_CHANGE, witness=record(question=_QUESTION)))
    broken = record(key=TEXT, expected=either(FLAG, TEXTS), changes=changes, missing=TEXTS)
    return record(
        equal_power=FLAG,
        covered=_COVERED,
        changes=changes,
        text=_SETTINGS,
        broken=listed(broken),
    )
