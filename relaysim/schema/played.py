"""Schemas of what was played: an SMTP session, and the steps of scenarios."""

from relaysim.model.decision import AuthAs, Reason, Stage
from relaysim.model.facts.catalogue import FACTS
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind
from relaysim.scenario.results import State
from relaysim.schema.facts import fact_schemas
from relaysim.schema.pieces import (
    FLAG,
    INTEGER,
    TEXT,
    Schema,
    either,
    listed,
    optional,
    record,
    with_more,
    word,
)
from relaysim.smtp.record import SmtpStage

__all__ = ["session_schema", "test_schema"]

_TEXTS = listed(TEXT)
_MAYBE_TEXT = optional(TEXT)
_MAYBE_NUMBER = optional(INTEGER)
_RIGHT = optional(word(right.value for right in Right))
_REASON = word(reason.value for reason in Reason)
_NOTES = listed(record(rule=TEXT, text=TEXT))
_UNDECIDED = optional(record(rule=TEXT, fact=TEXT, text=TEXT, options=_TEXTS))


def session_schema() -> Schema:
    """Return the schema of ``relaysim.session/1``."""
    known = {fact.document_key for fact in FACTS if not fact.is_said_later}
    always, rare = fact_schemas()
    client = with_more(
        record(**{key: schema for key, schema in always.items() if key in known}),
        **{key: schema for key, schema in rare.items() if key in known},
    )
    header = record(name=TEXT, value=TEXT, kept=FLAG, right=_RIGHT, because=optional(_REASON))
    message = record(
        sender=TEXT,
        recipients=_TEXTS,
        header_from=_MAYBE_TEXT,
        size=INTEGER,
        auth_as=word(kind.value for kind in AuthAs),
        headers=listed(header),
        added=listed(record(name=TEXT, value=TEXT)),
        shown=TEXT,
        goes_to=_MAYBE_TEXT,
    )
    refusal = record(
        stage=word(stage.value for stage in Stage),
        because=_REASON,
        rule=TEXT,
        recipient=_MAYBE_TEXT,
    )
    exchange = record(
        moment=word(stage.value for stage in SmtpStage),
        said=_TEXTS,
        reply=_TEXTS,
        by_client=FLAG,
        why=record(
            text=TEXT, rule=_MAYBE_TEXT, right=_RIGHT, granted=optional(FLAG), source=_MAYBE_TEXT
        ),
        refusal=optional(refusal),
        principals=_TEXTS,
        permissions=_TEXTS,
        tls=FLAG,
        authenticated=FLAG,
        assumptions=_NOTES,
        notes=_NOTES,
        undecided=_UNDECIDED,
        closed=FLAG,
        message=optional(message),
    )
    return record(
        format={"const": "relaysim.session/1"},
        configuration=record(source=TEXT, exchange=TEXT),
        client=client,
        connector=_MAYBE_TEXT,
        exchanges=listed(exchange),
    )


def test_schema() -> Schema:
    """Return the schema of ``relaysim.test/1``."""
    difference = record(key=TEXT, expected=TEXT, actual=TEXT, missing=_TEXTS, extra=_TEXTS)
    fields: dict[str, Schema] = {
        "addresses": _TEXTS,
        "count": INTEGER,
        "example": TEXT,
        "auth": word(kind.value for kind in AuthKind),
        "port": INTEGER,
        "local_ip": _MAYBE_TEXT,
        "tls": listed(FLAG),
        "from": _MAYBE_TEXT,
        "to": _TEXTS,
        "differences": listed(difference),
        "because": _TEXTS,
    }
    step = with_more(
        record(
            name=TEXT,
            line=_MAYBE_NUMBER,
            source=_TEXTS,
            state=word(state.value.replace(" ", "_") for state in State),
            reason=_MAYBE_TEXT,
            hint=_MAYBE_TEXT,
            breaches=listed(with_more(record(**fields), server=TEXT)),
            warnings=listed(record(rule=TEXT, text=TEXT, keys=_TEXTS)),
        ),
        question=TEXT,
        rerun=TEXT,
    )
    read = record(file=TEXT, title=TEXT, server=_MAYBE_TEXT, steps=listed(step))
    problem = record(line=_MAYBE_NUMBER, where=_MAYBE_TEXT, message=TEXT, hint=_MAYBE_TEXT)
    refused = record(file=TEXT, problems=listed(problem))
    counts = ["files", "steps", *(state.value.replace(" ", "_") for state in State)]
    document = record(
        format={"const": "relaysim.test/1"},
        files=listed(either(read, refused)),
        totals=record(**dict.fromkeys([*counts, "invalid_files", "warnings"], INTEGER)),
    )
    return with_more(document, coverage=_coverage())


def _coverage() -> Schema:
    entry = record(connector=TEXT, principal=TEXT, right=TEXT, deny=FLAG)
    region = record(port=INTEGER, connector=TEXT, addresses=TEXT)
    pair = listed(INTEGER)
    server = record(
        server=TEXT,
        connectors=pair,
        entries=pair,
        regions=pair,
        unasked_connectors=_TEXTS,
        unasked_entries=listed(entry),
        unasked_regions=listed(region),
    )
    return record(percent={"type": "number"}, servers=listed(server))
