"""The pieces of a JSON Schema (draft 7, which editors of TOML and JSON read)."""

from collections.abc import Iterable
from typing import Any

__all__ = [
    "FLAG",
    "INTEGER",
    "NULL",
    "TEXT",
    "Schema",
    "document",
    "either",
    "listed",
    "number",
    "optional",
    "record",
    "table",
    "text",
    "texts",
    "with_more",
    "word",
    "words",
]

Schema = dict[str, Any]
"""A schema, ready to be written as JSON."""

DRAFT = "http://json-schema.org/draft-07/schema#"

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
INTEGER: Schema = {"type": "integer"}
NULL: Schema = {"type": "null"}


def text(meaning: str) -> Schema:
    """Return the schema of a text, with what it means."""
    return {"type": "string", "description": meaning}


def number(low: int, high: int) -> Schema:
    """Return the schema of a whole number within bounds, both included."""
    return {"type": "integer", "minimum": low, "maximum": high}


def word(choices: Iterable[str | int]) -> Schema:
    """Return the schema of exactly one of some words, as documents have it."""
    return {"enum": list(choices)}


def words(choices: Iterable[str]) -> Schema:
    """Return the schema of a text that people write: the words are offered, any case is taken."""
    return {"anyOf": [{"enum": list(choices)}, TEXT]}


def listed(item: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": item}


def texts(item: Schema = TEXT) -> Schema:
    """Return the schema of a list of texts that may also be one text, split at commas."""
    return {"anyOf": [listed(item), TEXT]}


def either(*choices: Schema) -> Schema:
    """Return the schema of a value that is one of several things."""
    return {"anyOf": list(choices)}


def optional(item: Schema) -> Schema:
    """Return the schema of a value or ``null``."""
    return either(item, NULL)


def table(needed: dict[str, Schema], more: dict[str, Schema] | None = None) -> Schema:
    """Return the schema of a table: keys it needs, keys it may have, and no others."""
    return {
        "type": "object",
        "properties": needed | (more or {}),
        "required": list(needed),
        "additionalProperties": False,
    }


def record(**fields: Schema) -> Schema:
    """Return the schema of an object of a document: fields it has; later versions may add some."""
    named = {key.rstrip("_"): schema for key, schema in fields.items()}
    return {"type": "object", "properties": named, "required": list(named)}


def with_more(schema: Schema, **fields: Schema) -> Schema:
    """Return the schema of an object that may have some fields more."""
    return {**schema, "properties": schema["properties"] | fields}


def document(name: str, schema: Schema) -> Schema:
    """Return a schema as a document of its own."""
    return {"$schema": DRAFT, "title": f"relaysim {name}", **schema}
