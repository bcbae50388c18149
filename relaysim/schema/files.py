"""Schemas of the files that people edit: server file, scenario, policy.

What a reader takes, its schema takes. Addresses, names and sizes are texts to a schema; the reader
judges them.
"""

from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.finding import Severity
from relaysim.analysis.findings.thresholds import Profile
from relaysim.config.serverfile import MAY_BE_HIDDEN, MAY_BE_UNKNOWN
from relaysim.model.connector import AuthMechanism
from relaysim.model.decision import AuthAs, Reason, Stage
from relaysim.model.facts.catalogue import FACTS, FactKind
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import DomainType
from relaysim.model.properties.catalogue import PROPERTIES
from relaysim.model.properties.declaration import Property
from relaysim.model.properties.kinds import CountKind, FlagKind
from relaysim.model.properties.lists import GroupsKind, MechanismsKind
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind
from relaysim.model.version import ExchangeVersion
from relaysim.scenario.reading.schema import ANSWER_KEYS, POWER_KEYS
from relaysim.schema.pieces import (
    FLAG,
    INTEGER,
    TEXT,
    Schema,
    either,
    listed,
    number,
    table,
    text,
    texts,
    words,
)

__all__ = ["policy_schema", "scenario_schema", "server_schema"]

_VERSIONS = words([*(version.value for version in ExchangeVersion), "unknown"])
_VERSION: Schema = {"anyOf": [*_VERSIONS["anyOf"], INTEGER]}
_ROLE = either(words(["hub", "edge", "mailbox"]), INTEGER)
_RIGHTS = texts(words(right.value for right in Right))
_SPELLED = either(TEXT, INTEGER)
"""A text that may be written as a whole number, as ``2016``."""
_ACE = table({"user": _SPELLED, "rights": _RIGHTS}, {"deny": FLAG, "inherited": FLAG})
_DOMAIN = either(
    TEXT,
    table(
        {"name": _SPELLED},
        {
            "type": either(words(kind.value for kind in DomainType), INTEGER),
            "match_sub_domains": FLAG,
            "label": TEXT,
        },
    ),
)
_DOMAINS = listed(_DOMAIN)
_ACCOUNT = table(
    {"name": _SPELLED},
    {"groups": texts(), "addresses": texts(), "send_as": texts(), "password_file": TEXT},
)
_UNMODELLED: Schema = {"type": "object", "additionalProperties": TEXT}
_NETWORK = table(
    {},
    {
        "exchange_servers": texts(),
        "balancers": texts(),
        "gateways": texts(),
        "clients": texts(),
        "published": texts(),
        "hybrid": FLAG,
    },
)
_FORMAT: Schema = {"const": 1}


def _property(wanted: Property) -> Schema:
    """Return what a server file may say of a property of a connector."""
    kind = wanted.kind
    if isinstance(kind, FlagKind):
        found = either(FLAG, TEXT)
    elif isinstance(kind, MechanismsKind):
        found = texts(words([*(one.value for one in AuthMechanism), "None"]))
    elif isinstance(kind, GroupsKind):
        found = texts(words([*(one.value for one in PermissionGroup), "None"]))
    elif kind.is_list:
        found = texts()
    elif isinstance(kind, CountKind):
        found = either(number(kind.low, kind.high), TEXT)
    else:
        found = either(TEXT, INTEGER)
    return {**found, "description": wanted.meaning}


def _connector(*, needed: tuple[str, ...]) -> Schema:
    """Return the schema of a connector; Exchange's own spelling of a key is taken beside ours."""
    known = {}
    for wanted in PROPERTIES:
        known[wanted.key] = known[wanted.name] = _property(wanted)
    known |= {
        "name": text("The connector's name."),
        "Name": text("The connector's name."),
        "ace": listed(_ACE),
        "unknown": texts(words(MAY_BE_UNKNOWN)),
        "not_shown": texts(words(MAY_BE_HIDDEN)),
        "unmodelled": _UNMODELLED,
    }
    found = table({}, known)
    found["allOf"] = [
        {"anyOf": [{"required": [name]} for name in dict.fromkeys((key, spelled))]}
        for key, spelled in ((p.key, p.name) for p in PROPERTIES)
        if key in needed
    ]
    return found


_CONNECTORS = listed(_connector(needed=("name",)))


def _organization() -> Schema:
    return table(
        {},
        {
            "exchange": _VERSION,
            "server": TEXT,
            "role": _ROLE,
            "fqdn": TEXT,
            "addresses": texts(),
            "domain": text("NetBIOS name of the domain."),
            "accepted_domains": _DOMAINS,
            "inherited_aces": listed(_ACE),
            "unmodelled": _UNMODELLED,
        },
    )


def _server_table(*, inside: bool) -> Schema:
    server = table(
        {"name": TEXT},
        {
            "exchange": _VERSION,
            "role": _ROLE,
            "fqdn": TEXT,
            "addresses": texts(),
            "unmodelled": _UNMODELLED,
            "connector": _CONNECTORS,
        },
    )
    known = {
        "organization": _organization(),
        "server": listed(server),
        "connector": _CONNECTORS,
        "account": listed(_ACCOUNT),
        "network": _NETWORK,
    }
    if inside:
        return table({}, {"format": _FORMAT, **known})
    return table({"format": _FORMAT}, known)


def server_schema() -> Schema:
    """Return the schema of a server file."""
    return _server_table(inside=False)


_NUMBERS = either(number(1, 65535), words(["any"]), listed(number(1, 65535)))
_FLAGS = either(FLAG, words(["any"]), listed(FLAG))


_SEVERAL: dict[str, Schema] = {
    "ip": {**texts(), "description": 'An address, a range, a list, or "any".'},
    "auth": texts(words(kind.value for kind in AuthKind)),
    "mail_from": texts(),
    "rcpt_to": either(TEXT, listed(either(TEXT, listed(TEXT)))),
    "tls": _FLAGS,
    "port": _NUMBERS,
    "local_ip": texts(),
}
"""Facts of which a question may ask several values."""
_ONE: dict[FactKind, Schema] = {
    FactKind.ADDRESS: TEXT,
    FactKind.AUTH: words(kind.value for kind in AuthKind),
    FactKind.FLAG: FLAG,
    FactKind.PORT: number(1, 65535),
    FactKind.NAME: TEXT,
    FactKind.NAMES: texts(),
    FactKind.MAILBOX: TEXT,
    FactKind.MAILBOXES: texts(),
    FactKind.SIZE: either(TEXT, number(0, 1 << 62)),
}


def _question() -> Schema:
    """Return the schema of a ``check``: the facts of a session, what is left out, and the server.

    Only a fact of one value is described: of several, the help of an option says too little.
    """
    known = {
        fact.document_key: _SEVERAL.get(fact.name) or {**_ONE[fact.kind], "description": fact.help}
        for fact in FACTS
    }
    known |= {"except": texts(), "server": texts()}
    return table({"ip": known.pop("ip")}, known)


def _expectation() -> Schema:
    known: dict[str, Schema] = {key: either(FLAG, {"const": "denied"}) for key in ANSWER_KEYS}
    known |= {
        "connector": TEXT,
        "auth_as": words([*(kind.value for kind in AuthAs), "none"]),
        "refused_at": words([*(stage.value for stage in Stage), "none"]),
        "undecided": text("The rule whose fact is missing."),
        "reply": text("The beginning of the reply."),
        "rights": _RIGHTS,
        "has": _RIGHTS,
        "lacks": _RIGHTS,
        "permission_groups": texts(words([*(g.value for g in PermissionGroup), "Custom"])),
        "because": texts(words(reason.value for reason in Reason)),
        "assumes": texts(),
    }
    return table({}, known)


def _power() -> dict[str, Schema]:
    """Return what a step that changes something may expect of power."""
    ranges = texts(text("RANGES[:RIGHT,RIGHT]"))
    known: dict[str, Schema] = {key: either(FLAG, ranges) for key in POWER_KEYS}
    return known | {"changed": FLAG, "equal_power": FLAG}


def _change() -> Schema:
    entry = table({"connector": TEXT, "user": _SPELLED, "rights": _RIGHTS}, {"deny": FLAG})
    return table(
        {},
        {
            "connector": _CONNECTORS,
            "change": listed(_connector(needed=("name",))),
            "remove_connector": texts(),
            "remove_ace": listed(entry),
            "add_ace": listed(entry),
            "accepted_domains": _DOMAINS,
            "account": listed(_ACCOUNT),
            "server": TEXT,
        },
    )


def scenario_schema() -> Schema:
    """Return the schema of a scenario file."""
    step = table(
        {"name": {"type": "string", "maxLength": 200, "description": "What the step claims."}},
        {
            "check": _question(),
            "run": text("Commands of the management shell."),
            "engine": {
                "enum": ["embedded", "powershell"],
                "description": "What runs the commands; default: embedded.",
            },
            "set": _change(),
            "expect": either(_expectation(), table({}, {"error": TEXT, **_power()})),
            "source": texts(),
            "known_gap": TEXT,
            "skip": TEXT,
        },
    )
    return table(
        {
            "format": _FORMAT,
            "server": either(TEXT, _server_table(inside=True)),
            "step": listed(step),
        },
        {"title": TEXT, "skip": TEXT},
    )


def policy_schema() -> Schema:
    """Return the schema of a policy file."""
    ids = words(RULES)
    acceptance = table(
        {"rule": ids, "connector": TEXT, "reason": TEXT, "until": text("YYYY-MM-DD, inclusive.")},
        {"server": TEXT, "principal": TEXT, "right": TEXT, "ranges": texts()},
    )
    severities = words(severity.value for severity in Severity)
    return table(
        {},
        {
            "format": INTEGER,
            "leave_out": listed(ids),
            "severity": {"type": "object", "additionalProperties": severities},
            "profile": table(
                {}, {name: either(number(1, 1 << 62), TEXT) for name in Profile._fields}
            ),
            "accept": listed(acceptance),
        },
    )
