"""Schemas of the documents that ``-o json`` prints: what each has, whatever is added later."""

from relaysim.analysis.compare.change import ChangeKind
from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.finding import FindingVerdict, Severity
from relaysim.model.decision import Answers, AuthAs, LostReason, Reason, Stage
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind
from relaysim.schema.facts import fact_schemas
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

_TEXTS = listed(TEXT)
_MAYBE_TEXT = optional(TEXT)
_MAYBE_FLAG = optional(FLAG)
_FAMILY = word([4, 6])
_AUTH = word(kind.value for kind in AuthKind)
_RIGHT = word(right.value for right in Right)
_REASON = word(reason.value for reason in Reason)
_LOST = word(reason.value for reason in LostReason)
_AUTH_AS = optional(word(kind.value for kind in AuthAs))
_CONFIGURATION = record(source=TEXT, exchange=TEXT)

_ENDPOINT = record(
    server=TEXT, family=_FAMILY, local_ip=_MAYBE_TEXT, port=INTEGER, service=_MAYBE_TEXT
)
_ENDPOINTS = listed(_ENDPOINT)
_COVERED = record(endpoints=_ENDPOINTS, tls=listed(FLAG))
_RANGE = record(family=_FAMILY, first=TEXT, last=TEXT, size=INTEGER, cidr=_TEXTS, kinds=_TEXTS)
_ANSWER = record(answer=_MAYBE_FLAG, because=_REASON, rule=TEXT, right=optional(_RIGHT))
_ANSWERS = record(**dict.fromkeys(Answers._fields, _ANSWER))
_REFUSAL = optional(
    record(
        stage=word(stage.value for stage in Stage),
        reply=_MAYBE_TEXT,
        because=_REASON,
        rule=TEXT,
        right=optional(_RIGHT),
        recipient=_MAYBE_TEXT,
    )
)
_ASSUMPTIONS = listed(record(rule=TEXT, text=TEXT, affects=_TEXTS))
_UNDECIDED = optional(record(rule=TEXT, fact=TEXT, text=TEXT, options=_TEXTS))
_REMARK = record(file=_MAYBE_TEXT, message=TEXT)


def _format(name: str) -> Schema:
    return {"const": f"relaysim.{name}/1"}


def check_schema() -> Schema:
    """Return the schema of ``relaysim.check/1``, and of ``relaysim.compare/1`` around several."""
    connector = record(
        name=TEXT, range=TEXT, binding=TEXT, permission_groups=_TEXTS, auth_mechanism=_TEXTS
    )
    right = record(
        name=_RIGHT,
        granted=FLAG,
        because=_REASON,
        principal=_MAYBE_TEXT,
        source=_MAYBE_TEXT,
        inherited=_MAYBE_FLAG,
    )
    always, rare = fact_schemas()
    session = with_more(record(**always), **rare)
    check = with_more(
        record(
            format=_format("check"),
            configuration=_CONFIGURATION,
            session=session,
            connector=optional(connector),
            lost=listed(record(name=TEXT, reason=_LOST, range=_MAYBE_TEXT)),
            principals=_TEXTS,
            answers=_ANSWERS,
            auth_as=_AUTH_AS,
            rights=listed(right),
            refusal=_REFUSAL,
            assumptions=_ASSUMPTIONS,
            notes=listed(record(rule=TEXT, text=TEXT)),
            undecided=_UNDECIDED,
        ),
        missing=listed(record(fact=TEXT, command=TEXT, affects=_TEXTS)),
        servers=listed(record(name=TEXT, connector=_MAYBE_TEXT)),
        remarks=listed(_REMARK),
    )
    return either(check, record(format=_format("compare"), checks=listed(check)))


def explain_schema() -> Schema:
    """Return the schema of ``relaysim.explain/1``: of principals, a group, a right, or a reply."""
    held = record(
        name=_RIGHT, granted=FLAG, because=_REASON, source=_MAYBE_TEXT, inherited=_MAYBE_FLAG
    )
    holding = with_more(record(connector=TEXT, principal=TEXT, rights=listed(held)), server=TEXT)
    name = _format("explain")
    entry = record(principal=TEXT, right=_RIGHT, deny=FLAG)
    return either(
        record(format=name, configuration=_CONFIGURATION, holdings=listed(holding)),
        record(format=name, group=TEXT, exchange=TEXT, role=TEXT, entries=listed(entry)),
        record(format=name, configuration=_CONFIGURATION, right=_RIGHT, meaning=TEXT),
        record(format=_format("explain-reply"), verdict=TEXT, replies=listed(record(reply=TEXT))),
    )


def map_schema() -> Schema:
    """Return the schema of ``relaysim.map/1``."""
    session = record(
        auth=_AUTH,
        user=_MAYBE_TEXT,
        groups=_TEXTS,
        tls=_MAYBE_FLAG,
        port=optional(INTEGER),
        local_ip=_MAYBE_TEXT,
    )
    outcome = record(
        connector=_MAYBE_TEXT,
        decided=FLAG,
        answers=_ANSWERS,
        auth_as=_AUTH_AS,
        refusal=_REFUSAL,
        assumptions=listed(record(rule=TEXT, text=TEXT)),
        undecided=optional({"type": "object"}),
    )
    region = _RANGE["properties"] | {
        "outcomes": listed(outcome),
        "endpoints": _ENDPOINTS,
        "tls": listed(FLAG),
    }
    return record(
        format=_format("map"),
        configuration=_CONFIGURATION,
        covered=_COVERED,
        sessions=listed(session),
        counts=listed(
            record(session=INTEGER, family=_FAMILY, **dict.fromkeys(Answers._fields, INTEGER))
        ),
        left_out=_MAYBE_TEXT,
        regions=listed(record(**region)),
    )


def who_can_schema() -> Schema:
    """Return the schema of ``relaysim.who-can/1``."""
    way = record(
        who=TEXT,
        auth=_AUTH,
        tls=_MAYBE_FLAG,
        endpoints=_ENDPOINTS,
        user=_MAYBE_TEXT,
        group=_MAYBE_TEXT,
        decided=FLAG,
        connectors=listed(_MAYBE_TEXT),
        size=INTEGER,
        ranges=listed(_RANGE),
        undecided_ranges=listed(_RANGE),
    )
    breach = record(what=TEXT, who=TEXT, ranges=_TEXTS, endpoints=_ENDPOINTS, tls=listed(FLAG))
    return with_more(
        record(
            format=_format("who-can"),
            configuration=_CONFIGURATION,
            question=TEXT,
            tls=_MAYBE_FLAG,
            port=optional(INTEGER),
            local_ip=_MAYBE_TEXT,
            covered=_COVERED,
            ways=listed(way),
        ),
        expectation=record(expected=TEXT, met=FLAG, breaches=listed(breach)),
    )


def batch_schema() -> Schema:
    """Return the schema of one row of ``relaysim batch -o jsonl``, or of its summary."""
    answer = _MAYBE_FLAG
    row = record(
        connector=_MAYBE_TEXT,
        submit=answer,
        relay=answer,
        bypass_anti_spam=answer,
        resolve_p2=answer,
        stage=_MAYBE_TEXT,
        reply=_MAYBE_TEXT,
        assumed=_MAYBE_TEXT,
        error=_MAYBE_TEXT,
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
        connector=_MAYBE_TEXT,
        server=_MAYBE_TEXT,
        principal=_MAYBE_TEXT,
        right=_MAYBE_TEXT,
        ranges=_TEXTS,
        endpoints=_ENDPOINTS,
        file=_MAYBE_TEXT,
        line=optional(INTEGER),
        what=_MAYBE_TEXT,
        why=_MAYBE_TEXT,
        fix=_TEXTS,
        missing=_MAYBE_TEXT,
        witness=_MAYBE_TEXT,
        accepted=optional({"type": "object"}),
        remark=_MAYBE_TEXT,
    )
    return record(
        format=_format("audit"),
        configuration=_CONFIGURATION,
        covered=_COVERED,
        counts={"type": "object", "additionalProperties": INTEGER},
        findings=listed(finding),
    )


def diff_schema() -> Schema:
    """Return the schema of ``relaysim.diff/1``."""
    question = record(
        ip=TEXT,
        port=INTEGER,
        local_ip=_MAYBE_TEXT,
        auth=_AUTH,
        user=_MAYBE_TEXT,
        tls=FLAG,
        group=_MAYBE_TEXT,
        server=_MAYBE_TEXT,
    )
    change = record(
        kind=word(kind.value for kind in ChangeKind),
        right=_MAYBE_TEXT,
        identity=TEXT,
        auth=_AUTH,
        ranges=_TEXTS,
        endpoints=_ENDPOINTS,
        tls=listed(FLAG),
        connector_before=_MAYBE_TEXT,
        connector_after=_MAYBE_TEXT,
        reply_before=_MAYBE_TEXT,
        reply_after=_MAYBE_TEXT,
        by_version=FLAG,
        expected=FLAG,
        witness=record(question=question, command=TEXT),
    )
    return record(
        format=_format("diff"),
        before=_CONFIGURATION,
        after=_CONFIGURATION,
        equal_power=_MAYBE_FLAG,
        covered=record(endpoints=_ENDPOINTS, tls=listed(FLAG), identities=_TEXTS),
        changes=listed(change),
        text=listed(record(sign=TEXT, where=TEXT, text=TEXT)),
    )


_PLAN = {
    "title": TEXT,
    "changes": _TEXTS,
    "script": TEXT,
    "rollback": TEXT,
    "gives_beyond": _TEXTS,
    "cost": INTEGER,
    "does_not_give": _TEXTS,
    "remark": _MAYBE_TEXT,
}


def suggest_schema() -> Schema:
    """Return the schema of ``relaysim.suggest/1``."""
    plan = record(**_PLAN, check=TEXT, scenario=TEXT)
    return record(
        format=_format("suggest"),
        configuration=_CONFIGURATION,
        wanted=record(ranges=_TEXTS, answers=_TEXTS, give=FLAG, auth=_AUTH, port=optional(INTEGER)),
        met=_MAYBE_FLAG,
        why=_MAYBE_TEXT,
        plans=listed(plan),
    )


def replay_schema() -> Schema:
    """Return the schema of ``relaysim.replay/1``."""
    shape = record(
        outcome=_MAYBE_TEXT,
        why=_TEXTS,
        connector=_MAYBE_TEXT,
        server=_MAYBE_TEXT,
        count=INTEGER,
        clients=listed(_MAYBE_TEXT),
        client_count=INTEGER,
        first=_MAYBE_TEXT,
        last=_MAYBE_TEXT,
        examples=_TEXTS,
        predicted=either({"type": "object"}, TEXT, NULL),
        logged=_MAYBE_TEXT,
        account=_MAYBE_TEXT,
        tls=FLAG,
        port=optional(INTEGER),
        what_if=optional({"type": "object"}),
    )
    used = record(
        connector=_MAYBE_TEXT,
        sessions=INTEGER,
        clients=INTEGER,
        first=_MAYBE_TEXT,
        last=_MAYBE_TEXT,
        used=_TEXTS,
        never_used=_TEXTS,
        idle_ranges=_TEXTS,
    )
    return record(
        format=_format("replay"),
        configuration=_TEXTS,
        files=_TEXTS,
        rows=INTEGER,
        session_count=INTEGER,
        outcomes={"type": "object", "additionalProperties": INTEGER},
        what_if=optional({"type": "object", "additionalProperties": INTEGER}),
        shapes=listed(shape),
        connectors=listed(used),
        unused=_TEXTS,
        blind=_TEXTS,
        silent=_TEXTS,
        gaps=listed(record(after=TEXT, before=TEXT)),
        unreadable=listed(record(file=TEXT, line=INTEGER, why=TEXT)),
        unreadable_count=INTEGER,
        sessions=listed({"type": "object"}),
        not_read=listed({}),
        suggest=optional(record(plans=listed(record(**_PLAN)), kept=_TEXTS, blind_spots=_TEXTS)),
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
