"""An example for every rule: a command that shows it."""

from relaysim.model.answers.catalogue import ANSWERS

__all__ = ["ANSWER_RULES", "example_of"]

_CHECK = "relaysim check --ip 192.168.2.55 -c builtin:option-1"
_SECOND = "relaysim check --ip 192.168.2.55 -c builtin:option-2"
_ACCOUNT = "relaysim check --ip 10.1.2.3 --port 587 --auth user --tls -c builtin:default-2019"
_MODERN = "relaysim check --ip 203.0.113.9 -c builtin:default-2019"
_SESSION = "relaysim session --ip 192.168.2.55 -c builtin:option-2"
_RELAY = "relaysim check --ip 10.1.2.3 --from a@contoso.com --to b@example.net -c builtin:default"

_FAMILIES = {
    "G": "relaysim explain --group ExchangeUsers",
    "S": _CHECK,
    "I": _CHECK,
    "A": "relaysim explain 'CRM Application' -c builtin:option-2",
    "O": _SECOND,
    "V": "relaysim export-shell -c builtin:option-1",
    "P": _MODERN,
    "D": _SESSION,
}
_OWN = {
    "G-1": "relaysim explain --group ExchangeLegacyServers",
    "G-3": "relaysim explain 'CRM Application' -c builtin:option-2",
    "G-4": "relaysim diff builtin:option-1 builtin:option-2",
    "G-5": "relaysim explain --group AnonymousUsers --exchange 2007",
    "S-3": "relaysim map --notation cidr -c builtin:option-1",
    "S-5": "relaysim check --ip 192.168.2.55 --port 26 -c builtin:option-1",
    "S-6": "relaysim check --ip ::ffff:192.168.2.55 -c builtin:option-1",
    "I-1": _SECOND,
    "I-3": _ACCOUNT,
    "I-4": "relaysim check --ip 192.168.2.55 --auth exchange -c builtin:option-2",
    "I-5": "relaysim check --ip 10.1.2.3 --auth legacy -c builtin:default",
    "I-6": "relaysim check --ip 10.1.2.3 --auth partner --tls -c builtin:default-2019",
    "I-6a": "relaysim check --ip 192.168.2.55 --auth exchange -c builtin:option-2",
    "I-7": "relaysim check --ip 192.168.2.55 --auth basic --tls -c builtin:option-2",
    "O-1": "relaysim check --ip 10.1.2.3 --from a@contoso.com -c builtin:default",
    "O-2": _RELAY,
    "O-5": "relaysim diff builtin:option-1 builtin:option-2",
    "O-7": "relaysim who-can own_domain_sender -c builtin:option-2",
    "O-10": _RELAY,
    "O-11": "relaysim audit -c builtin:default-2019",
    "P-2": _ACCOUNT,
    "P-3": "relaysim explain --finding send-as-on-frontend",
}

ANSWER_RULES = {answer.name: answer.rule for answer in ANSWERS}
"""The rule that each answer follows from."""


def example_of(rule: str) -> str:
    """Return a command that shows a rule.

    >>> example_of("S-1")
    'relaysim check --ip 192.168.2.55 -c builtin:option-1'
    """
    return _OWN.get(rule) or _FAMILIES[rule[0]]
