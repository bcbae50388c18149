"""Schemas of what was played: an SMTP session, and the steps of scenarios."""

from relaysim.model.facts.catalogue import FACTS
from relaysim.scenario.results import State
from relaysim.schema.compared import power_schema
from relaysim.schema.decided import (
    AUTH,
    AUTH_AS,
    CONFIGURATION,
    MAYBE_FLAG,
    MAYBE_TEXT,
    NOTES,
    REASON,
    RIGHT,
    STAGE,
    TEXTS,
    UNDECIDED,
    fact_schemas,
    format_of,
)
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

_MAYBE_NUMBER = optional(INTEGER)


def session_schema() -> Schema:
    """Return the schema of ``relaysim.session/1``."""
    known = {fact.document_key for fact in FACTS if not fact.is_said_later}
    always, rare = fact_schemas()
    client = with_more(
        record(**{key: schema for key, schema in always.items() if key in known}),
        **{key: schema for key, schema in rare.items() if key in known},
    )
    header = record(
        name=TEXT, value=TEXT, kept=FLAG, right=optional(RIGHT), because=optional(REASON)
    )
    message = record(
        sender=TEXT,
        recipients=TEXTS,
        header_from=MAYBE_TEXT,
        size=INTEGER,
        auth_as=AUTH_AS,
        headers=listed(header),
        added=listed(record(name=TEXT, value=TEXT)),
        shown=TEXT,
        goes_to=MAYBE_TEXT,
    )
    refusal = record(
        stage=STAGE,
        because=REASON,
        rule=TEXT,
        recipient=MAYBE_TEXT,
    )
    exchange = record(
        moment=word(stage.value for stage in SmtpStage),
        said=TEXTS,
        reply=TEXTS,
        by_client=FLAG,
        why=record(
            text=TEXT, rule=MAYBE_TEXT, right=optional(RIGHT), granted=MAYBE_FLAG, source=MAYBE_TEXT
        ),
        refusal=optional(refusal),
        principals=TEXTS,
        permissions=TEXTS,
        tls=FLAG,
        authenticated=FLAG,
        assumptions=NOTES,
        notes=NOTES,
        undecided=UNDECIDED,
        closed=FLAG,
        message=optional(message),
    )
    return record(
        format=format_of("session"),
        configuration=CONFIGURATION,
        client=client,
        connector=MAYBE_TEXT,
        exchanges=listed(exchange),
    )


def test_schema() -> Schema:
    """Return the schema of ``relaysim.test/1``."""
    difference = record(key=TEXT, expected=TEXT, actual=TEXT, missing=TEXTS, extra=TEXTS)
    fields: dict[str, Schema] = {
        "addresses": TEXTS,
        "count": INTEGER,
        "example": TEXT,
        "auth": AUTH,
        "port": INTEGER,
        "local_ip": MAYBE_TEXT,
        "tls": listed(FLAG),
        "from": MAYBE_TEXT,
        "to": TEXTS,
        "differences": listed(difference),
        "because": TEXTS,
    }
    step = with_more(
        record(
            name=TEXT,
            line=_MAYBE_NUMBER,
            source=TEXTS,
            state=word(state.value.replace(" ", "_") for state in State),
            reason=MAYBE_TEXT,
            hint=MAYBE_TEXT,
            breaches=listed(with_more(record(**fields), server=TEXT)),
            warnings=listed(record(rule=TEXT, text=TEXT, keys=TEXTS)),
        ),
        question=TEXT,
        power=power_schema(),
        rerun=TEXT,
    )
    read = record(file=TEXT, title=TEXT, server=MAYBE_TEXT, steps=listed(step))
    problem = record(line=_MAYBE_NUMBER, where=MAYBE_TEXT, message=TEXT, hint=MAYBE_TEXT)
    refused = record(file=TEXT, problems=listed(problem))
    counts = ["files", "steps", *(state.value.replace(" ", "_") for state in State)]
    document = record(
        format=format_of("test"),
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
        unasked_connectors=TEXTS,
        unasked_entries=listed(entry),
        unasked_regions=listed(region),
    )
    return record(percent={"type": "number"}, servers=listed(server))
