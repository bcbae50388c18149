"""The configurations that ship: a fresh server, and the article's two options on it."""

from collections.abc import Callable

from relaysim.builtin.article import both, option_1, option_2
from relaysim.builtin.fresh import fresh_server
from relaysim.errors import UnknownName, closest
from relaysim.model.organization import Organization
from relaysim.model.version import ExchangeVersion

__all__ = ["BUILTINS", "PREFIX", "VERSIONS", "builtin"]

PREFIX = "builtin:"


def _fresh(exchange: ExchangeVersion) -> Organization:
    return fresh_server(exchange=exchange)


BUILTINS: dict[str, tuple[Callable[[ExchangeVersion], Organization], str]] = {
    "default": (_fresh, "a fresh 2007 Hub Transport server with its two default connectors"),
    "option-1": (option_1, 'plus the connector "CRM Application", externally secured'),
    "option-2": (option_2, 'plus "CRM Application" with AnonymousUsers and the relay right'),
    "both": (both, "both options on the one connector"),
}
"""Name to maker and description; a version may be asked for. Source: SEED."""

VERSIONS = {f"default-{version.value.lower()}": version for version in ExchangeVersion}
"""A fresh server of every version, by name. Source: RC16, ASK07, ASK10, PS565."""


def builtin(name: str, *, exchange: ExchangeVersion | None = None) -> Organization:
    """Return the built-in configuration of this name, with or without ``builtin:``, in any case.

    Args:
        name: The name.
        exchange: Another version than the configuration's own, which is 2007 unless its name has
            one.

    Raises:
        UnknownName: No such configuration.

    >>> [connector.name for connector in builtin("default").connectors]
    ['Default EX01', 'Client EX01']
    """
    wanted = name.strip().casefold().removeprefix(PREFIX)
    own = VERSIONS.get(wanted)
    found = BUILTINS.get("default" if own else wanted)
    if found is None:
        near = closest(wanted, (*BUILTINS, *VERSIONS))
        known = ", ".join(PREFIX + key for key in (*BUILTINS, *VERSIONS))
        hint = f"did you mean `{PREFIX}{near}`? " if near else ""
        raise UnknownName(
            f"unknown built-in configuration `{name}`", hint=f"{hint}there are {known}"
        )
    return found[0](exchange or own or ExchangeVersion.V2007)
