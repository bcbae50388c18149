"""Compare an import's document with what a case says that any correct reader concludes."""

import json
from dataclasses import replace
from pathlib import Path

from relaysim.config.exports import import_paths
from relaysim.engine.decide import evaluate
from relaysim.errors import InvalidInput
from relaysim.model.decision import Stage
from relaysim.model.organization import Account
from relaysim.model.principals import parse_principal
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import parse_address
from relaysim.net.notation import parse_range, parse_socket
from relaysim.render.weighed.import_view import import_document

OTHERWISE = {
    # No connector of the export lets an account relay, whichever answers: no is no guess.
    ("a30-csv-type-line-lists-lost", "10.0.5.9", "user"),
    # Exchange refuses the same range twice on one binding (V-4), so that no cut list can hold this
    # one; but verdicts are of connectors, whatever the address, and say that they do not know.
    ("r03-fl-limit-four-one-character", "10.5.0.4", "user"),
    # What was cut from the lists of the others may hold any address.
    ("r03-fl-limit-four-one-character", "10.4.0.5", "user"),
}
"""Questions that are answered otherwise than the case says, each for a reason."""


def run_case(folder: Path, monkeypatch):
    """Return the case, the import or ``None``, its document or ``None``, and the error's text."""
    case = json.loads((folder / "expect.json").read_text("utf-8"))
    monkeypatch.chdir(folder)
    options = " ".join(case.get("options", []))
    encoding = options.partition("--encoding ")[2].split(" ")[0] or None
    latest = "--prefer-latest" in options
    try:
        imported = import_paths(
            case["inputs"], encoding=encoding, prefer_latest=latest, logs_alone=True
        )
    except InvalidInput as error:
        lines = [line for problem in error.problems for line in problem.lines()]
        return case, None, None, "\n".join(lines)
    return case, imported, json.loads(import_document(imported)), ""


def has_words(text: str, words) -> bool:
    return all(word.casefold() in text.casefold() for word in words)


def remark_text(remark) -> str:
    return " ".join(str(value) for value in remark.values() if value is not None)


def missing_warnings(document, warnings):
    """Yield each warning that no remark of its kind says."""
    for warning in warnings:
        said = [
            remark
            for remark in document["remarks"]
            if remark["kind"] == warning["kind"]
            and has_words(remark_text(remark), warning["words"])
        ]
        if not said:
            yield f"no remark {warning['kind']} with {warning['words']}"


def ranges(texts):
    return sorted(str(parse_range(text).interval) for text in texts)


def sockets(texts):
    return sorted(str(parse_socket(text)) for text in texts)


def folded(texts):
    return sorted(text.casefold() for text in texts)


def connector_faults(wanted, found):
    """Yield what is different in one connector; a missing key is not compared."""
    for key, mine in (("remote_ranges", "remote_ip_ranges"), ("bindings", "bindings")):
        if key in wanted:
            same = ranges if key == "remote_ranges" else sockets
            told, read = wanted[key], found[mine]
            if (told is None) != (read is None) or (told and same(told) != same(read)):
                yield f"{key}: {read} instead of {told}"
    for key, mine in (
        ("remote_complete", "remote_ip_ranges_complete"),
        ("bindings_complete", "bindings_complete"),
        ("enabled", "enabled"),
        ("custom", "custom"),
        ("transport_role", "transport_role"),
        ("domain_secure", "domain_secure_enabled"),
    ):
        if key in wanted and wanted[key] != found[mine]:
            yield f"{key}: {found[mine]} instead of {wanted[key]}"
    for key, mine in (("auth", "auth_mechanism"), ("groups", "permission_groups")):
        if key in wanted:
            told, read = wanted[key], found[mine]
            if (told is None) != (read is None) or (told and folded(told) != folded(read)):
                yield f"{key}: {read} instead of {told}"


def title(connector):
    server = connector["server"]
    return connector["name"] if server is None else f"{server}\\{connector['name']}"


def ace_key(connector, ace):
    principal = parse_principal(ace["principal"], "CONTOSO").key
    return (connector.casefold(), principal, ace["right"].casefold(), ace["deny"], ace["inherited"])


def document_faults(case, document):
    """Yield everything in which the document differs from what the case says."""
    read = {title(one).casefold(): one for one in document["connectors"]}
    wanted = {title(one).casefold(): one for one in case["connectors"]}
    if read.keys() != wanted.keys() and case["connectors"]:
        yield f"connectors: {sorted(read)} instead of {sorted(wanted)}"
    for key in read.keys() & wanted.keys():
        for fault in connector_faults(wanted[key], read[key]):
            yield f"{key}: {fault}"
    yield from _server_faults(case, document)
    yield from _entry_faults(case, document, read)
    for domain in case.get("accepted_domains", []):
        same = [
            one
            for one in document["accepted_domains"]
            if one["name"].casefold() == domain["name"].casefold()
            and all(one[key] == domain[key] for key in domain if key != "name")
        ]
        if not same:
            yield f"no accepted domain {domain} in {document['accepted_domains']}"
    if len(document["accepted_domains"]) != len(case.get("accepted_domains", [])):
        yield f"accepted domains: {document['accepted_domains']}"
    for connector, kept in case.get("unmodelled", {}).items():
        for name, text in kept.items():
            mine = read[connector.casefold()]["unmodelled"].get(name, "")
            if mine.replace("\r\n", "\n") != text.replace("\r\n", "\n"):
                yield f"{connector}: {name}: {mine!r} instead of {text!r}"
    yield from missing_warnings(document, case.get("warnings", []))
    names = {one["name"] for one in document["connectors"]}
    yield from (f"{n} is a connector" for n in case.get("must_not_names", []) if n in names)
    for text in case.get("must_not_ranges", []):
        if any(text in (one["remote_ip_ranges"] or ()) for one in document["connectors"]):
            yield f"{text} is a range"


def _server_faults(case, document):
    read = {one["name"].casefold(): one for one in document["servers"]}
    wanted = {one["name"].casefold(): one for one in case["servers"]}
    if read.keys() != wanted.keys():
        yield f"servers: {sorted(read)} instead of {sorted(wanted)}"
    for key in read.keys() & wanted.keys():
        for name in ("version", "role"):
            if name in wanted[key] and wanted[key][name] != read[key][name]:
                yield f"{key}: {name}: {read[key][name]} instead of {wanted[key][name]}"


def _entry_faults(case, document, read):
    states = {key.casefold(): state for key, state in case.get("aces_state", {}).items()}
    for key, state in states.items():
        if key in read and read[key]["entries"] != state:
            yield f"{key}: entries {read[key]['entries']} instead of {state}"
    if "aces" not in case:
        return
    wanted = {ace_key(ace["connector"], ace) for ace in case["aces"]}
    allowed = {ace_key(ace["connector"], ace) for ace in case.get("aces_also_allowed", [])}
    mine = {ace_key(title(one), ace) for one in document["connectors"] for ace in one["aces"]}
    if wanted - mine:
        yield f"entries that are missing: {sorted(wanted - mine)}"
    if mine - wanted - allowed:
        yield f"entries that are too many: {sorted(mine - wanted - allowed)}"


def question_faults(case, imported):
    """Yield each question that the engine answers otherwise."""
    for question in case.get("questions", []):
        if (case["id"], question["ip"], question["auth"]) in OTHERWISE:
            continue
        said, connector, reply, denied = answer(question, imported.organization)
        if said not in question["relay"]:
            yield f"{said} instead of {question['relay']} to {question}"
            continue
        if "connector" in question and said != "cannot say":
            wanted = question["connector"].rpartition("\\")[2]
            if connector != wanted:
                yield f"{connector} instead of {question['connector']} for {question}"
        if "reply" in question and not (reply or "").startswith(question["reply"]):
            yield f"{reply} instead of {question['reply']} for {question}"
        if question.get("expect") == "denied" and not denied:
            yield f"not denied: {question}"


def answer(question, organization):
    """Return the answer in the case's words, the connector, the refusal's reply, and a denial."""
    if question.get("server"):
        organization = organization.on(question["server"])
    user = question.get("user") or ("CONTOSO\\someone" if question["auth"] == "user" else None)
    if question.get("own_address"):
        account = Account(
            name=parse_principal(user or "", "CONTOSO"), addresses=(question["from"],)
        )
        organization = replace(organization, accounts=(account,))
    session = Session(
        ip=parse_address(question["ip"]),
        local_ip=parse_address(question["local_ip"]) if "local_ip" in question else None,
        port=question["port"],
        auth=AuthKind.USER if question["auth"] == "user" else AuthKind.NONE,
        user=user,
        groups=tuple(question.get("groups", ())),
        tls=question["auth"] == "user",
        mail_from=question["from"],
        rcpt_to=(question["to"],),
    )
    decision = evaluate(organization, session)
    about = question.get("about")
    if about == "accepted":
        unsure = decision.undecided or decision.missing
        refused = decision.refusal is not None and decision.refusal.stage is not Stage.END_OF_DATA
        told = None if unsure and not refused else not refused
        denied = False
    else:
        which = {"submit": "submit", "bypass anti-spam": "bypass_anti_spam"}.get(about, "relay")
        found = getattr(decision.answers, which)
        told, denied = found.answer, found.denied
        if decision.undecided is not None and decision.undecided.rule != "O-7":
            told = None
    words = {True: "yes", False: "no", None: "cannot say"}
    connector = decision.connector.name if decision.connector is not None else None
    reply = decision.refusal.reply if decision.refusal is not None else None
    return words[told], connector, reply, denied
