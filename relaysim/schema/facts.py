"""The schema of each fact of a session, as documents have it."""

from relaysim.model.facts.catalogue import FACTS, FactKind
from relaysim.model.session import AuthKind
from relaysim.schema.pieces import FLAG, INTEGER, TEXT, Schema, listed, optional, word

__all__ = ["fact_schemas"]

_OF_KIND: dict[FactKind, Schema] = {
    FactKind.ADDRESS: optional(TEXT),
    FactKind.AUTH: word(kind.value for kind in AuthKind),
    FactKind.FLAG: FLAG,
    FactKind.PORT: INTEGER,
    FactKind.NAME: optional(TEXT),
    FactKind.NAMES: listed(TEXT),
    FactKind.MAILBOX: optional(TEXT),
    FactKind.MAILBOXES: listed(TEXT),
    FactKind.SIZE: optional(INTEGER),
}


def fact_schemas() -> tuple[dict[str, Schema], dict[str, Schema]]:
    """Return the facts that a document always has and those that may be left out, by their keys."""
    known = {fact.document_key: _OF_KIND[fact.kind] for fact in FACTS} | {"ip": TEXT}
    rare = {fact.document_key for fact in FACTS if fact.is_rare}
    always = {key: schema for key, schema in known.items() if key not in rare}
    return always, {key: schema for key, schema in known.items() if key in rare}
