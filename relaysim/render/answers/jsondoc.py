"""JSON documents, versioned, in a stable order. See docs/reference/json-output.md."""

from typing import TYPE_CHECKING, Any

from relaysim.config.source import Configuration
from relaysim.model.decision import Answer, Decision, Grant, Refusal, Rejected
from relaysim.model.facts.catalogue import FACT_NAMED, FACTS
from relaysim.model.facts.values import plain_fact
from relaysim.model.session import Session, default_of
from relaysim.render.answers.check_view import answering, group_names, mechanism_names

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "answer_document",
    "check_document",
    "compare_document",
    "dump",
    "facts_document",
    "refusal_document",
    "session_document",
]


def dump(document: object) -> str:
    """Return a document as JSON text that ends in a line break."""
    import json

    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def check_document(configuration: Configuration, decision: Decision) -> dict[str, Any]:
    """Return the ``relaysim.check/1`` document of one decision."""
    organization = configuration.organization
    connector = decision.connector
    described = None
    only = answering(organization, decision)
    if connector is not None and only is not None:
        described = {
            "name": connector.name,
            "range": str(decision.range),
            "binding": str(decision.binding),
            "permission_groups": group_names(only, connector),
            "auth_mechanism": mechanism_names(connector),
        }
    undecided = decision.undecided
    return {
        "format": "relaysim.check/1",
        "configuration": {
            "source": configuration.source,
            "exchange": organization.versions_text,
        },
        "session": session_document(decision),
        "connector": described,
        "lost": [_lost(item) for item in decision.lost],
        "principals": [principal.name for principal in decision.principals],
        "answers": {
            name: answer_document(answer) for name, answer in decision.answers._asdict().items()
        },
        "auth_as": decision.auth_as.value if decision.auth_as else None,
        "rights": [_right(grant) for grant in decision.rights],
        "refusal": refusal_document(decision.refusal),
        "assumptions": [
            {"rule": a.rule, "text": a.text, "affects": list(a.affects)}
            for a in decision.assumptions
        ],
        "notes": [{"rule": note.rule, "text": note.text} for note in decision.notes],
        "undecided": None if undecided is None else undecided._asdict(),
        **_partial(decision),
    }


def _partial(decision: Decision) -> dict[str, Any]:
    """Return what documents of one completely known server do not have."""
    found: dict[str, Any] = {}
    if decision.missing:
        found["missing"] = [
            {"fact": one.fact, "command": one.command, "affects": list(one.affects)}
            for one in decision.missing
        ]
    if decision.servers:
        found["servers"] = [
            {"name": one.server, "connector": one.connector} for one in decision.servers
        ]
    return found


def compare_document(checks: "Sequence[dict[str, Any]]") -> dict[str, Any]:
    """Return the ``relaysim.compare/1`` document around several checks."""
    return {"format": "relaysim.compare/1", "checks": list(checks)}


def session_document(decision: Decision) -> dict[str, Any]:
    """Return the question as it was understood."""
    return facts_document(decision.session)


def facts_document(session: Session) -> dict[str, Any]:
    """Return every fact of a session under its key, rare ones only where something is said."""
    return {
        fact.document_key: plain_fact(fact, value)
        for fact in _IN_DOCUMENTS
        if (value := getattr(session, fact.name)) != default_of(fact.name) or not fact.is_rare
    }


_PLACE = ("ip", "behind", "cert", "local_ip", "port")
"""With these a session begins in documents, since their first version."""
_IN_DOCUMENTS = [FACT_NAMED[name] for name in _PLACE]
_IN_DOCUMENTS += [fact for fact in FACTS if fact.name not in _PLACE]


def _lost(item: Rejected) -> dict[str, Any]:
    return {
        "name": item.name,
        "reason": item.reason.value,
        "range": str(item.range) if item.range else None,
    }


def answer_document(answer: Answer) -> dict[str, Any]:
    """Return one answer with its reason."""
    return {
        "answer": answer.answer,
        "because": answer.because.value,
        "rule": answer.rule,
        "right": answer.right.value if answer.right else None,
    }


def _right(grant: Grant) -> dict[str, Any]:
    return {
        "name": grant.right.value,
        "granted": grant.granted,
        "because": grant.because.value,
        "principal": grant.ace.principal.name if grant.ace else None,
        "source": grant.source,
        "inherited": grant.ace.inherited if grant.ace else None,
    }


def refusal_document(refusal: Refusal | None) -> dict[str, Any] | None:
    """Return the first refusal, or nothing."""
    if refusal is None:
        return None
    return {
        "stage": refusal.stage.value,
        "reply": refusal.reply,
        "because": refusal.because.value,
        "rule": refusal.rule,
        "right": refusal.right.value if refusal.right else None,
        "recipient": refusal.recipient,
    }
