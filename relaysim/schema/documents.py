"""Schemas of the documents that ``-o json`` prints: what each has, whatever is added later."""

from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.finding import FindingVerdict, Severity
from relaysim.model.decision import Answers, LostReason
from relaysim.schema.compared import diff_schema
from relaysim.schema.decided import (
    AUTH,
    AUTH_AS,
    CONFIGURATION,
    ENDPOINTS,
    FAMILY,
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
    NULL,
    TEXT,
    Schema,
    either,
    listed,
    optional,
    record,
    with_more,
    word,
)
from relaysim.schema.played import session_schema, test_schema

__all__ = ["DOCUMENTS"]

_LOST = word(reason.value for reason in LostReason)
_MAYBE_AUTH_AS = optional(AUTH_AS)

_COVERED = record(endpoints=ENDPOINTS, tls=listed(FLAG))
_RANGE = record(family=FAMILY, first=TEXT, last=TEXT, size=INTEGER, cidr=TEXTS, kinds=TEXTS)
_ANSWER = record(answer=MAYBE_FLAG, because=REASON, rule=TEXT, right=optional(RIGHT))
_ANSWERS = record(**dict.fromkeys(Answers._fields, _ANSWER))
_REFUSAL = optional(
    record(
        stage=STAGE,
        reply=MAYBE_TEXT,
        because=REASON,
        rule=TEXT,
        right=optional(RIGHT),
        recipient=MAYBE_TEXT,
    )
)
_ASSUMPTIONS = listed(record(rule=TEXT, text=TEXT, affects=TEXTS))
_REMARK = record(file=MAYBE_TEXT, message=TEXT)


def check_schema() -> Schema:
    """Return the schema of ``relaysim.check/1``, and of ``relaysim.compare/1`` around several."""
    connector = record(
        name=TEXT, range=TEXT, binding=TEXT, permission_groups=TEXTS, auth_mechanism=TEXTS
    )
    right = record(
        name=RIGHT,
        granted=FLAG,
        because=REASON,
        principal=MAYBE_TEXT,
        source=MAYBE_TEXT,
        inherited=MAYBE_FLAG,
    )
    always, rare = fact_schemas()
    session = with_more(record(**always), **rare)
    check = with_more(
        record(
            format=format_of("check"),
            configuration=CONFIGURATION,
            session=session,
            connector=optional(connector),
            lost=listed(record(name=TEXT, reason=_LOST, range=MAYBE_TEXT)),
            principals=TEXTS,
            answers=_ANSWERS,
            auth_as=_MAYBE_AUTH_AS,
            rights=listed(right),
            refusal=_REFUSAL,
            assumptions=_ASSUMPTIONS,
            notes=NOTES,
            undecided=UNDECIDED,
        ),
        missing=listed(record(fact=TEXT, command=TEXT, affects=TEXTS)),
        servers=listed(record(name=TEXT, connector=MAYBE_TEXT)),
        remarks=listed(_REMARK),
    )
    return either(check, record(format=format_of("compare"), checks=listed(check)))


def explain_schema() -> Schema:
    """Return the schema of ``relaysim.explain/1``: of principals, a group, a right, or a reply."""
    held = record(name=RIGHT, granted=FLAG, because=REASON, source=MAYBE_TEXT, inherited=MAYBE_FLAG)
    holding = with_more(record(connector=TEXT, principal=TEXT, rights=listed(held)), server=TEXT)
    name = format_of("explain")
    entry = record(principal=TEXT, right=RIGHT, deny=FLAG)
    return either(
        record(format=name, configuration=CONFIGURATION, holdings=listed(holding)),
        record(format=name, group=TEXT, exchange=TEXT, role=TEXT, entries=listed(entry)),
        record(format=name, configuration=CONFIGURATION, right=RIGHT, meaning=TEXT),
        record(format=format_of("explain-reply"), verdict=TEXT, replies=listed(record(reply=TEXT))),
    )


def map_schema() -> Schema:
    """Return the schema of ``relaysim.map/1``."""
    session = record(
        auth=AUTH,
        user=MAYBE_TEXT,
        groups=TEXTS,
        tls=MAYBE_FLAG,
        port=optional(INTEGER),
        local_ip=MAYBE_TEXT,
    )
    outcome = record(
        connector=MAYBE_TEXT,
        decided=FLAG,
        answers=_ANSWERS,
        auth_as=_MAYBE_AUTH_AS,
        refusal=_REFUSAL,
        assumptions=NOTES,
        undecided=optional({"type": "object"}),
    )
    region = _RANGE["properties"] | {
        "outcomes": listed(outcome),
        "endpoints": ENDPOINTS,
        "tls": listed(FLAG),
    }
    return record(
        format=format_of("map"),
        configuration=CONFIGURATION,
        covered=_COVERED,
        sessions=listed(session),
        counts=listed(
            record(session=INTEGER, family=FAMILY, **dict.fromkeys(Answers._fields, INTEGER))
        ),
        left_out=MAYBE_TEXT,
        regions=listed(record(**region)),
    )


def who_can_schema() -> Schema:
    """Return the schema of ``relaysim.who-can/1``."""
    way = record(
        who=TEXT,
        auth=AUTH,
        tls=MAYBE_FLAG,
        endpoints=ENDPOINTS,
        user=MAYBE_TEXT,
        group=MAYBE_TEXT,
        decided=FLAG,
        connectors=listed(MAYBE_TEXT),
        size=INTEGER,
        ranges=listed(_RANGE),
        undecided_ranges=listed(_RANGE),
    )
    breach = record(what=TEXT, who=TEXT, ranges=TEXTS, endpoints=ENDPOINTS, tls=listed(FLAG))
    return with_more(
        record(
            format=format_of("who-can"),
            configuration=CONFIGURATION,
            question=TEXT,
            tls=MAYBE_FLAG,
            port=optional(INTEGER),
            local_ip=MAYBE_TEXT,
            covered=_COVERED,
            ways=listed(way),
        ),
        expectation=record(expected=TEXT, met=FLAG, breaches=listed(breach)),
    )


def batch_schema() -> Schema:
    """Return the schema of one row of ``relaysim batch -o jsonl``, or of its summary."""
    answer = MAYBE_FLAG
    row = record(
        connector=MAYBE_TEXT,
        submit=answer,
        relay=answer,
        bypass_anti_spam=answer,
        resolve_p2=answer,
        stage=MAYBE_TEXT,
        reply=MAYBE_TEXT,
        assumed=MAYBE_TEXT,
        error=MAYBE_TEXT,
    )
    # The columns of the input stand before these, under the names that they have there.
    return {**row, "additionalProperties": True}


def audit_schema() -> Schema:
    """Return the schema of ``relaysim.audit/1``."""
    finding = record(
        id=word(RULES),
        title=TEXT,
        verdict=word(verdict.value for verdict in FindingVerdict),
        severity=word(severity.value for severity in Severity),
        connector=MAYBE_TEXT,
        server=MAYBE_TEXT,
        principal=MAYBE_TEXT,
        right=MAYBE_TEXT,
        ranges=TEXTS,
        endpoints=ENDPOINTS,
        file=MAYBE_TEXT,
        line=optional(INTEGER),
        what=MAYBE_TEXT,
        why=MAYBE_TEXT,
        fix=TEXTS,
        missing=MAYBE_TEXT,
        witness=MAYBE_TEXT,
        accepted=optional({"type": "object"}),
        remark=MAYBE_TEXT,
    )
    return record(
        format=format_of("audit"),
        configuration=CONFIGURATION,
        covered=_COVERED,
        counts={"type": "object", "additionalProperties": INTEGER},
        findings=listed(finding),
    )


_PLAN = {
    "title": TEXT,
    "changes": TEXTS,
    "script": TEXT,
    "rollback": TEXT,
    "gives_beyond": TEXTS,
    "cost": INTEGER,
    "does_not_give": TEXTS,
    "remark": MAYBE_TEXT,
}


def suggest_schema() -> Schema:
    """Return the schema of ``relaysim.suggest/1``."""
    plan = record(**_PLAN, check=TEXT, scenario=TEXT)
    return record(
        format=format_of("suggest"),
        configuration=CONFIGURATION,
        wanted=record(
            ranges=TEXTS,
            answers=TEXTS,
            give=FLAG,
            auth=AUTH,
            port=optional(INTEGER),
            from_=MAYBE_TEXT,
            to=MAYBE_TEXT,
        ),
        met=MAYBE_FLAG,
        why=MAYBE_TEXT,
        plans=listed(plan),
    )


def replay_schema() -> Schema:
    """Return the schema of ``relaysim.replay/1``."""
    shape = record(
        outcome=MAYBE_TEXT,
        why=TEXTS,
        connector=MAYBE_TEXT,
        server=MAYBE_TEXT,
        count=INTEGER,
        clients=listed(MAYBE_TEXT),
        client_count=INTEGER,
        first=MAYBE_TEXT,
        last=MAYBE_TEXT,
        examples=TEXTS,
        predicted=either({"type": "object"}, TEXT, NULL),
        logged=MAYBE_TEXT,
        account=MAYBE_TEXT,
        tls=FLAG,
        port=optional(INTEGER),
        relays=MAYBE_FLAG,
        what_if=optional({"type": "object"}),
    )
    used = record(
        connector=MAYBE_TEXT,
        sessions=INTEGER,
        clients=INTEGER,
        first=MAYBE_TEXT,
        last=MAYBE_TEXT,
        used=TEXTS,
        never_used=TEXTS,
        idle_ranges=TEXTS,
        without_it=optional(
            record(clients=listed(record(connector=MAYBE_TEXT, clients=INTEGER)), undecided=INTEGER)
        ),
    )
    return record(
        format=format_of("replay"),
        configuration=TEXTS,
        files=TEXTS,
        rows=INTEGER,
        session_count=INTEGER,
        outcomes={"type": "object", "additionalProperties": INTEGER},
        what_if=optional({"type": "object", "additionalProperties": INTEGER}),
        shapes=listed(shape),
        connectors=listed(used),
        unused=TEXTS,
        blind=TEXTS,
        silent=TEXTS,
        gaps=listed(record(after=TEXT, before=TEXT)),
        unreadable=listed(record(file=TEXT, line=INTEGER, why=TEXT)),
        unreadable_count=INTEGER,
        sessions=listed({"type": "object"}),
        not_read=listed({}),
        suggest=optional(record(plans=listed(record(**_PLAN)), kept=TEXTS, blind_spots=TEXTS)),
    )


DOCUMENTS = {
    "check": check_schema,
    "explain": explain_schema,
    "map": map_schema,
    "who-can": who_can_schema,
    "batch": batch_schema,
    "audit": audit_schema,
    "diff": diff_schema,
    "suggest": suggest_schema,
    "replay": replay_schema,
    "session": session_schema,
    "test": test_schema,
}
"""The schema of what each command prints with ``-o json``."""
