"""relaysim's own questions, asked from PowerShell: check, who-can, map, compare, save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relaysim.backend.wire import encode_text
from relaysim.errors import InvalidInput, Problem
from relaysim.powershell.values.conversion import to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relaysim.analysis.endpoints import Narrowing
    from relaysim.model.organization import Organization
    from relaysim.powershell.values.value import HashTable

__all__ = ["QUESTIONS"]


def _text(given: HashTable, name: str) -> str | None:
    value = given.get(name)
    return None if value is None else to_text(value)


def _texts(given: HashTable, name: str) -> tuple[str, ...]:
    value = given.get(name)
    if value is None:
        return ()
    return tuple(to_text(item) for item in value) if isinstance(value, list) else (to_text(value),)


def _encoded(value: Any) -> Any:  # noqa: ANN401  # a document of any shape
    """Return a JSON document as it travels: every text marked, tables as objects."""
    if isinstance(value, str):
        return encode_text(value)
    if isinstance(value, list | tuple):
        return [_encoded(item) for item in value]
    if isinstance(value, dict):
        return {"t": "", "s": "=", "p": [[name, _encoded(item)] for name, item in value.items()]}
    return value


def _check(
    organization: Organization, _beginning: Organization, source: str, given: HashTable
) -> Iterator[Any]:
    from relaysim.config.source import Configuration
    from relaysim.engine.decide import evaluate
    from relaysim.model.session import Session
    from relaysim.render.answers.jsondoc import check_document

    ip = _text(given, "IP")
    if ip is None:
        raise InvalidInput("no client address", hint="-IP names it")
    session = Session(**_facts(given))
    server = _text(given, "Server")
    for each in _asked(organization, server):
        decision = evaluate(each, session)
        document = check_document(Configuration(source, each), decision)
        flat: dict[str, Any] = {"Server": each.server, "IP": ip}
        flat["Connector"] = document["connector"]["name"] if document["connector"] else None
        for name, answer in document["answers"].items():
            flat[_pascal(name)] = answer["answer"] if isinstance(answer, dict) else answer
        refusal = document["refusal"]
        flat["AuthAs"] = document["auth_as"]
        flat["Refusal"] = refusal["reply"] if refusal else None
        flat["Stage"] = refusal["stage"] if refusal else None
        flat["Reason"] = _reason(document)
        flat["Assumptions"] = [f"{a['rule']}: {a['text']}" for a in document["assumptions"]]
        flat["Undecided"] = document.get("undecided")
        flat["Detail"] = document
        yield _encoded(flat) | {"t": "RelaySim.Answer"}


def _facts(given: HashTable) -> dict[str, Any]:
    """Return the facts of a session that parameters give.

    Raises:
        InvalidInput: Some are nothing of the kind; every one is named.
    """
    from relaysim.model.facts.catalogue import FACTS
    from relaysim.model.facts.values import read_fact

    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for fact in FACTS:
        value = given.get(fact.parameter)
        if value is None:
            continue
        if isinstance(value, list):
            value = [to_text(item) for item in value]
        elif not isinstance(value, bool):
            value = to_text(value)
        try:
            found[fact.name] = read_fact(fact, value)
        except InvalidInput as error:
            for problem in error.problems:
                problem.where = f"-{fact.parameter}"
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    return found


def _asked(organization: Organization, server: str | None) -> tuple[Organization, ...]:
    return (organization.on(server),) if server else organization.one_by_one()


def _address(text: str | None) -> str | None:
    return None if text is None else text.strip().removeprefix("<").removesuffix(">")


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _reason(document: dict[str, Any]) -> str:
    relay = document["answers"].get("relay")
    if isinstance(relay, dict):
        return f"{relay.get('because')} ({relay.get('rule')})"
    return ""


def _compare(
    organization: Organization, beginning: Organization, source: str, given: HashTable
) -> Iterator[Any]:
    from relaysim.backend.verdicts import power_changes
    from relaysim.config.difference import changes

    for change in changes(beginning, organization):
        document = {"Sign": change[0], "Where": change[1], "What": change[2]}
        yield _encoded(document) | {"t": "RelaySim.Change"}
    if given.get("SettingsOnly") is True or organization == beginning:
        return
    for power in power_changes(beginning, organization, source):
        yield _encoded(_named(power)) | {"t": "RelaySim.PowerChange"}


def _named(document: dict[str, Any]) -> dict[str, Any]:
    return {_pascal(name): value for name, value in document.items()}


def _audit(
    organization: Organization, _beginning: Organization, source: str, given: HashTable
) -> Iterator[Any]:
    from relaysim.backend.verdicts import findings

    for document in findings(organization, source, everything=given.get("All") is True):
        yield _encoded(_named(document)) | {"t": "RelaySim.Finding"}


def _mail(
    organization: Organization, _beginning: Organization, _source: str, given: HashTable
) -> Iterator[Any]:
    from relaysim.backend.verdicts import SentMail, sent

    port = _text(given, "Port")
    mail = SentMail(
        client=_text(given, "ClientIP"),
        server=_text(given, "SmtpServer") or organization.servers[0].name,
        port=int(port) if port and port.isdigit() else 25,
        tls=given.get("UseSsl") is True,
        user=_text(given, "User"),
        mail_from=_address(_text(given, "From")),
        recipients=[text for name in ("To", "Cc", "Bcc") for text in _texts(given, name)],
    )
    yield _encoded(_named(sent(organization, mail))) | {"t": "RelaySim.Sent"}


def _save(
    organization: Organization, _beginning: Organization, _source: str, _given: HashTable
) -> Iterator[Any]:
    from relaysim.config.writer import format_server

    yield encode_text(format_server(organization))


def _complete(
    organization: Organization, _beginning: Organization, _source: str, given: HashTable
) -> Iterator[Any]:
    what = _text(given, "What")
    names: list[str] = []
    if what == "connectors":
        names = [c.name for server in organization.servers for c in server.connectors]
    elif what == "rights":
        from relaysim.model.rights import Right

        names = [right.value for right in Right]
    elif what == "principals":
        from relaysim.model.principals import WELL_KNOWN

        names = [p.name for p in WELL_KNOWN] + [str(a.name.name) for a in organization.accounts]
    elif what == "servers":
        names = [server.name for server in organization.servers]
    elif what in ("auth", "questions"):
        from relaysim.model.decision import Answers
        from relaysim.model.session import AuthKind

        asked = [name.replace("_", "-") for name in Answers._fields]
        names = [kind.value for kind in AuthKind] if what == "auth" else asked
    for name in dict.fromkeys(names):
        yield encode_text(name)


def _who_can(
    organization: Organization, _beginning: Organization, _source: str, given: HashTable
) -> Iterator[Any]:
    from relaysim.analysis.endpoints import Surface, endpoints
    from relaysim.analysis.reach import reaches, ways
    from relaysim.model.decision import Answers
    from relaysim.model.session import AuthKind, Session, parse_auth
    from relaysim.net.address import Address

    question = (_text(given, "Question") or "relay").replace("-", "_").lower()
    if question not in Answers._fields:
        shown = ", ".join(name.replace("_", "-") for name in Answers._fields)
        raise InvalidInput(f"unknown question `{question}`", hint=f"one of {shown}")
    kinds = [parse_auth(text) for text in _texts(given, "Auth")] or [AuthKind.NONE, AuthKind.USER]
    server = _text(given, "Server")
    asked = organization.on(server) if server else organization
    scope = _scope(given)
    surface = Surface(asked, endpoints(asked, scope))
    shape = Session(ip=Address(4, 0))
    every = ways(asked, kinds)
    found = reaches(surface, shape, every, question, families=(4, 6), states=scope.tls)
    for way, parts in found.items():
        for each in parts:
            if not each.addresses and not each.unknown:
                continue
            document = {
                "Question": question,
                "Auth": way.auth.value,
                "Who": way.user or way.group,
                "Tls": [bool(state) for state in each.tls],
                "Endpoints": [f"{spot.server}: {spot.words()}" for spot in each.spots],
                "Connectors": list(each.connectors),
                "Ranges": [str(interval) for interval in each.addresses],
                "Undecided": [str(interval) for interval in each.unknown],
                "Addresses": str(sum(interval.size for interval in each.addresses)),
            }
            yield _encoded(document) | {"t": "RelaySim.Reach"}


def _scope(given: HashTable) -> Narrowing:
    from relaysim.analysis.endpoints import Narrowing

    ports = tuple(int(text) for text in _texts(given, "Port") if text.isdigit())
    return Narrowing(ports=ports) if ports else Narrowing()


def _session(
    organization: Organization, _beginning: Organization, _source: str, given: HashTable
) -> Iterator[Any]:
    from relaysim.net.address import parse_address
    from relaysim.smtp.dialogue import Conversation
    from relaysim.smtp.record import Client

    ip, port, server = _text(given, "IP"), _text(given, "Port"), _text(given, "Server")
    if ip is None:
        raise InvalidInput("no client address", hint="-IP names it")
    asked = organization.on(server) if server else organization
    if len(asked.servers) > 1:
        names = ", ".join(each.name for each in asked.servers)
        hint = f"-Server names one of {names}"
        raise InvalidInput("a session is held with one server", hint=hint)
    client = Client(ip=parse_address(ip), port=int(port) if port and port.isdigit() else 25)
    conversation = Conversation(asked, client)
    for line in _texts(given, "Line"):
        conversation.feed(line)
    for reply in conversation.dialogue.exchanges:
        document = {
            "Line": list(reply.said),
            "Reply": list(reply.reply),
            "Why": reply.why.text,
        }
        yield _encoded(document) | {"t": "RelaySim.Reply"}


QUESTIONS: dict[str, Callable[[Organization, Organization, str, HashTable], Iterator[Any]]] = {
    "check": _check,
    "compare": _compare,
    "audit": _audit,
    "mail": _mail,
    "save": _save,
    "who-can": _who_can,
    "session": _session,
    "complete": _complete,
}
"""What is asked beside Exchange's commands, by the name of the request."""
