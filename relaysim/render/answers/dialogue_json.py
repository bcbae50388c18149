"""The ``relaysim.session/1`` document of a dialogue. See docs/reference/session.md."""

from typing import Any

from relaysim.config.source import Configuration
from relaysim.model.facts.catalogue import FACTS
from relaysim.render.answers.jsondoc import facts_document
from relaysim.smtp.record import Client, CommandReply, Dialogue, HeaderFate, Message

__all__ = ["session_document"]


def session_document(configuration: Configuration, dialogue: Dialogue) -> dict[str, Any]:
    """Return everything about a dialogue as plain data, in a stable order."""
    return {
        "format": "relaysim.session/1",
        "configuration": {
            "source": configuration.source,
            "exchange": configuration.organization.exchange.value,
        },
        "client": _client(dialogue.client),
        "connector": None if dialogue.connector is None else dialogue.connector.name,
        "exchanges": [_exchange(exchange) for exchange in dialogue.exchanges],
    }


def _client(client: Client) -> dict[str, Any]:
    """Return what is known before a word is said; a client without a certificate has no key."""
    later = {fact.document_key for fact in FACTS if fact.is_said_later}
    found = facts_document(client)
    return {
        key: value
        for key, value in found.items()
        if key not in later and (key, value) != ("cert", "")
    }


def _exchange(exchange: CommandReply) -> dict[str, Any]:
    why, refusal, undecided = exchange.why, exchange.refusal, exchange.undecided
    return {
        "moment": exchange.moment.value,
        "said": list(exchange.said),
        "reply": list(exchange.reply),
        "by_client": exchange.by_client,
        "why": {
            "text": why.text,
            "rule": why.rule,
            "right": None if why.right is None else why.right.value,
            "granted": None if why.grant is None else why.grant.granted,
            "source": None if why.grant is None else why.grant.source,
        },
        "refusal": None
        if refusal is None
        else {
            "stage": refusal.stage.value,
            "because": refusal.because.value,
            "rule": refusal.rule,
            "recipient": refusal.recipient,
        },
        "principals": [principal.name for principal in exchange.state.principals],
        "permissions": list(exchange.state.permissions),
        "tls": exchange.state.tls,
        "authenticated": exchange.state.authenticated,
        "assumptions": [{"rule": a.rule, "text": a.text} for a in exchange.assumptions],
        "notes": [{"rule": note.rule, "text": note.text} for note in exchange.notes],
        "undecided": None if undecided is None else undecided._asdict(),
        "closed": exchange.closed,
        "message": None if exchange.message is None else _message(exchange.message),
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "sender": message.sender,
        "recipients": list(message.recipients),
        "header_from": message.header_from,
        "size": message.size,
        "auth_as": message.auth_as.value,
        "headers": [_fate(fate) for fate in message.headers],
        "added": [{"name": name, "value": value} for name, value in message.added],
        "shown": message.shown,
        "goes_to": message.goes_to or None,
    }


def _fate(fate: HeaderFate) -> dict[str, Any]:
    return {
        "name": fate.name,
        "value": fate.value,
        "kept": fate.kept,
        "right": None if fate.right is None else fate.right.value,
        "because": None if fate.grant is None else fate.grant.because.value,
    }
