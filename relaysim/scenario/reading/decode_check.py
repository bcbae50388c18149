"""Strict decoding of ``check`` and ``expect`` tables."""

from typing import Any

from relaysim.config.tables import describe
from relaysim.errors import InvalidInput, Problem, closest
from relaysim.model.decision import AuthAs, Reason, Stage
from relaysim.model.facts.catalogue import FACTS, FactKind
from relaysim.model.groups import PermissionGroup
from relaysim.model.rights import RECEIVE_RIGHTS, Right, parse_right
from relaysim.model.session import AuthKind, SessionShape, parse_size
from relaysim.net.address import Address
from relaysim.net.notation import AddressRange
from relaysim.scenario.reading.keys import (
    At,
    Reader,
    read_address,
    read_auth,
    read_choice,
    read_fields,
    read_flag,
    read_mailbox,
    read_names,
    read_number,
    read_range,
    read_text,
    read_words,
)
from relaysim.scenario.reading.schema import ANSWER_KEYS, CheckQuestion, Expectation
from relaysim.scenario.script import is_rule_id

__all__ = ["EXPECT_KEYS", "QUESTION_KEYS", "decode_expectation", "decode_question"]

_CODES = {code.value for code in Reason}


def decode_question(data: Any, at: At) -> CheckQuestion | None:  # noqa: ANN401
    """Return the question of a ``check`` table, or ``None`` after noting why there is none."""
    if not isinstance(data, dict):
        at.problem(f"expected a table, got {describe(data)}", "check")
        return None
    noted = len(at.problems.found)
    fields = read_fields(data, _QUESTION, at, "check", _QUESTION_HINTS)
    if "ip" not in data:
        hint = 'an address, a range, a list, or `"any"` for every address'
        at.problem("`ip` is missing", "check", hint=hint)
    if len(at.problems.found) > noted:
        return None
    alone = {name: fields.pop(name) for name in [*fields] if name not in CheckQuestion._fields}
    question = CheckQuestion(**fields, shared=SessionShape(**alone))
    if question.excluded and not question.addresses:
        at.problem("`except` leaves no address", "check", "except")
        return None
    if question.shared.user is not None and not all(kind.is_account for kind in question.auth):
        at.problem(
            "`user` needs an account",
            "check",
            "user",
            hint='write `auth = "user"`, `"basic"` or `"ntlm"`',
        )
        return None
    return question


def decode_expectation(data: Any, at: At) -> Expectation | None:  # noqa: ANN401
    """Return the expectation of a check, or ``None`` after noting why there is none."""
    if not isinstance(data, dict):
        at.problem(f"expected a table, got {describe(data)}", "expect")
        return None
    facts: list[tuple[str, bool | str]] = []
    rest: dict[str, Any] = {}
    noted = len(at.problems.found)
    for key, value in data.items():
        if key in _ANSWERS:
            if isinstance(value, bool) or value == "denied":
                facts.append((key, value))
            else:
                message = f"expected true, false or `denied`, got {describe(value)}"
                at.problem(message, "expect", key)
            continue
        reader = _FACTS.get(key) or _REST.get(key)
        if reader is None:
            at.unknown(key, EXPECT_KEYS, "expect", hint=_EXPECT_HINTS.get(key))
            continue
        try:
            read = reader(value)
        except InvalidInput as error:
            at.errors(error, "expect", key)
            continue
        if key in _FACTS:
            facts.append((key, read))
        else:
            rest[key] = read
    if len(at.problems.found) > noted:
        return None
    if not facts and not rest.keys() - {"assumes"}:
        at.problem("nothing is expected", "expect", hint="name an answer, such as `relay = false`")
        return None
    expectation = Expectation(tuple(facts), **rest)
    for right in sorted(expectation.has & expectation.lacks, key=lambda right: right.value):
        at.problem(f"`{right.value}` stands in both `has` and `lacks`", "expect")
    return expectation


def _read_ips(value: Any) -> tuple[AddressRange, ...]:  # noqa: ANN401
    if isinstance(value, str):
        if value.strip().casefold() == "any":
            return ()
        return (read_range(value),)
    if isinstance(value, list) and any(
        isinstance(item, str) and item.strip().casefold() == "any" for item in value
    ):
        raise InvalidInput("`any` stands alone", hint='write `ip = "any"`')
    return read_words(value, read_range)


def _read_excluded(value: Any) -> tuple[AddressRange, ...]:  # noqa: ANN401
    return read_words(value, read_range)


def _read_auths(value: Any) -> tuple[AuthKind, ...]:  # noqa: ANN401
    if isinstance(value, str):
        return (read_auth(value),)
    return tuple(dict.fromkeys(read_words(value, read_auth)))


def _read_senders(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    if isinstance(value, str):
        return (read_mailbox(value),)
    if not isinstance(value, list) or not value:
        raise InvalidInput(f"expected an address or a list of them, got {describe(value)}")
    return tuple(dict.fromkeys(_each(value, _read_sender)))


def _read_sender(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str):
        raise InvalidInput(f"expected a string, got {describe(value)}")
    return read_mailbox(value)


def _read_recipient(value: Any) -> str:  # noqa: ANN401
    found = _read_sender(value)
    if not found:
        raise InvalidInput("a recipient cannot be the null address")
    return found


def _read_recipients(value: Any) -> tuple[tuple[str, ...], ...]:  # noqa: ANN401
    if isinstance(value, str):
        return ((_read_recipient(value),),)
    if not isinstance(value, list) or not value:
        raise InvalidInput(f"expected an address or a list of them, got {describe(value)}")
    return tuple(dict.fromkeys(_each(value, _read_message)))


def _read_message(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    if not isinstance(value, list):
        return (_read_recipient(value),)
    if not value:
        raise InvalidInput("a message without recipients")
    return tuple(_each(value, _read_recipient))


def _each(values: list[Any], read: Reader) -> list[Any]:
    found: list[Any] = []
    problems: list[Problem] = []
    for value in values:
        try:
            found.append(read(value))
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    return found


def _is_any(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, str) and value.strip().casefold() == "any"


def _read_states(value: Any) -> tuple[bool, ...]:  # noqa: ANN401
    if _is_any(value):
        return (False, True)
    if not isinstance(value, list):
        return (read_flag(value),)
    if not value:
        raise InvalidInput("the list is empty")
    return tuple(sorted(set(_each(value, read_flag))))


_read_port = read_number(1, 65535)


def _read_ports(value: Any) -> tuple[int, ...]:  # noqa: ANN401
    if _is_any(value):
        return ()
    if not isinstance(value, list):
        return (_read_port(value),)
    if not value:
        raise InvalidInput("the list is empty")
    return tuple(dict.fromkeys(_each(value, _read_port)))


def _read_locals(value: Any) -> tuple[Address, ...]:  # noqa: ANN401
    if _is_any(value):
        return ()
    if not isinstance(value, list):
        return (read_address(value),)
    if not value:
        raise InvalidInput("the list is empty")
    return tuple(dict.fromkeys(_each(value, read_address)))


def _read_servers(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    return () if _is_any(value) else tuple(dict.fromkeys(read_names(value)))


def _read_size(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, int) and not isinstance(value, bool):
        return int(read_number(0, 1 << 62)(value))
    return parse_size(read_text(value))


def _read_name(value: Any) -> str:  # noqa: ANN401
    return read_text(value).strip()


_SEVERAL: dict[str, Reader] = {
    "ip": _read_ips,
    "auth": _read_auths,
    "tls": _read_states,
    "port": _read_ports,
    "local_ip": _read_locals,
    "mail_from": _read_senders,
    "rcpt_to": _read_recipients,
}
"""Facts of which a question may ask several values, each in a session of its own."""
_ONE: dict[FactKind, Reader] = {
    FactKind.ADDRESS: read_address,
    FactKind.AUTH: read_auth,
    FactKind.FLAG: read_flag,
    FactKind.PORT: _read_port,
    FactKind.NAME: _read_name,
    FactKind.NAMES: read_names,
    FactKind.MAILBOX: _read_sender,
    FactKind.MAILBOXES: _read_message,
    FactKind.SIZE: _read_size,
}
_QUESTION: dict[str, tuple[str, Reader]] = {
    fact.document_key: (fact.name, _SEVERAL.get(fact.name) or _ONE[fact.kind]) for fact in FACTS
} | {"except": ("excluded", _read_excluded), "server": ("server", _read_servers)}
QUESTION_KEYS = tuple(_QUESTION)
"""The keys of ``check``."""

_QUESTION_HINTS = {
    "mail_from": "did you mean `from`?",
    "sender": "did you mean `from`?",
    "rcpt_to": "did you mean `to`?",
    "recipient": "did you mean `to`?",
    "group": "did you mean `groups`?",
    "client": "did you mean `ip`?",
}


def _read_connector(value: Any) -> str:  # noqa: ANN401
    return read_text(value).strip()


def _read_right(text: str) -> Right:
    right = parse_right(text)
    if right not in RECEIVE_RIGHTS:
        raise InvalidInput(f"`{right.value}` is no right of a session on a receive connector")
    return right


def _read_rights(value: Any) -> frozenset[Right]:  # noqa: ANN401
    return frozenset(read_words(value, _read_right))


def _read_exact_rights(value: Any) -> frozenset[Right]:  # noqa: ANN401
    return frozenset() if value == [] else _read_rights(value)


_read_group = read_choice([*(g.value for g in PermissionGroup), "Custom"], "permission group")


def _read_groups(value: Any) -> frozenset[str]:  # noqa: ANN401
    if value == [] or (isinstance(value, str) and value.strip().casefold() == "none"):
        return frozenset()
    return frozenset(read_words(value, _read_group))


def _read_code(text: str) -> str:
    if text not in _CODES:
        near = closest(text, _CODES)
        raise InvalidInput(
            f"unknown reason code `{text}`", hint=f"did you mean `{near}`?" if near else None
        )
    return text


def _read_codes(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    return tuple(dict.fromkeys(read_words(value, _read_code)))


def _read_rule(value: Any) -> str:  # noqa: ANN401
    text = read_text(value).strip()
    if not is_rule_id(text):
        raise InvalidInput(f"`{text}` is no rule id", hint="rule ids look like `S-3` or `O-7b`")
    return text


def _read_rules(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    return () if value == [] else tuple(dict.fromkeys(read_words(value, _read_rule)))


_ANSWERS = frozenset(ANSWER_KEYS)
_FACTS: dict[str, Reader] = {
    "connector": _read_connector,
    "auth_as": read_choice([*(kind.value for kind in AuthAs), "none"], "AuthAs value"),
    "refused_at": read_choice([*(stage.value for stage in Stage), "none"], "stage"),
    "undecided": _read_rule,
}
_REST: dict[str, Reader] = {
    "reply": read_text,
    "rights": _read_exact_rights,
    "has": _read_rights,
    "lacks": _read_rights,
    "permission_groups": _read_groups,
    "because": _read_codes,
    "assumes": _read_rules,
}
EXPECT_KEYS = (*ANSWER_KEYS, *_FACTS, *_REST)
"""The keys of a check's ``expect``."""

_EXPECT_HINTS = {
    "anti_spam": "did you mean `bypass_anti_spam`?",
    "resolvep2": "did you mean `resolve_p2`?",
    "stage": "did you mean `refused_at`?",
    "error": "`error` belongs to a `run` step",
    "right": "did you mean `rights`?",
}
