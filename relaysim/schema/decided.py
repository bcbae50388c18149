"""What documents share: the words of decisions, and the facts of a session."""

from relaysim.model.decision import AuthAs, Reason, Stage
from relaysim.model.facts.catalogue import FACTS, FactKind
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind
from relaysim.schema.pieces import FLAG, INTEGER, TEXT, Schema, listed, optional, record, word

__all__ = [
    "AUTH",
    "AUTH_AS",
    "CONFIGURATION",
    "ENDPOINTS",
    "FAMILY",
    "MAYBE_FLAG",
    "MAYBE_TEXT",
    "NOTES",
    "REASON",
    "RIGHT",
    "STAGE",
    "TEXTS",
    "UNDECIDED",
    "fact_schemas",
    "format_of",
]

TEXTS = listed(TEXT)
MAYBE_TEXT = optional(TEXT)
MAYBE_FLAG = optional(FLAG)
AUTH = word(kind.value for kind in AuthKind)
AUTH_AS = word(kind.value for kind in AuthAs)
RIGHT = word(right.value for right in Right)
REASON = word(reason.value for reason in Reason)
STAGE = word(stage.value for stage in Stage)
CONFIGURATION = record(source=TEXT, exchange=TEXT)
NOTES = listed(record(rule=TEXT, text=TEXT))
FAMILY = word([4, 6])
ENDPOINTS = listed(
    record(server=TEXT, family=FAMILY, local_ip=MAYBE_TEXT, port=INTEGER, service=MAYBE_TEXT)
)
UNDECIDED = optional(record(rule=TEXT, fact=TEXT, text=TEXT, options=TEXTS))

_OF_KIND: dict[FactKind, Schema] = {
    FactKind.ADDRESS: MAYBE_TEXT,
    FactKind.AUTH: AUTH,
    FactKind.FLAG: FLAG,
    FactKind.PORT: INTEGER,
    FactKind.NAME: MAYBE_TEXT,
    FactKind.NAMES: TEXTS,
    FactKind.MAILBOX: MAYBE_TEXT,
    FactKind.MAILBOXES: TEXTS,
    FactKind.SIZE: optional(INTEGER),
}


def format_of(name: str) -> Schema:
    """Return the schema of the text that tells a document of this name from others."""
    return {"const": f"relaysim.{name}/1"}


def fact_schemas() -> tuple[dict[str, Schema], dict[str, Schema]]:
    """Return the facts that a document always has and those that may be left out, by their keys."""
    known = {fact.document_key: _OF_KIND[fact.kind] for fact in FACTS} | {"ip": TEXT}
    rare = {fact.document_key for fact in FACTS if fact.is_rare}
    always = {key: schema for key, schema in known.items() if key not in rare}
    return always, {key: schema for key, schema in known.items() if key in rare}
