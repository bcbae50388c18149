"""The schemas by name, as ``relaysim schema NAME`` prints them."""

from collections.abc import Callable

from relaysim.schema.documents import DOCUMENTS
from relaysim.schema.files import policy_schema, scenario_schema, server_schema
from relaysim.schema.pieces import Schema, document

__all__ = ["SCHEMAS", "schema_named"]

SCHEMAS: dict[str, Callable[[], Schema]] = {
    "server": server_schema,
    "scenario": scenario_schema,
    "policy": policy_schema,
    **DOCUMENTS,
}
"""Every schema by its name."""


def schema_named(name: str) -> Schema:
    """Return a schema as a document of its own.

    >>> schema_named("policy")["title"]
    'relaysim policy'

    Raises:
        KeyError: There is none of this name.
    """
    return document(name, SCHEMAS[name]())
