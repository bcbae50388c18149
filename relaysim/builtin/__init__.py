"""The configurations that ship: a fresh server, and the article's two options on it."""

from collections.abc import Callable

from relaysim.builtin.article import both, option_1, option_2
from relaysim.builtin.fresh import fresh_server
from relaysim.errors import UnknownName, closest
from relaysim.model.organization import Organization

__all__ = ["BUILTINS", "PREFIX", "builtin"]

PREFIX = "builtin:"

BUILTINS: dict[str, tuple[Callable[[], Organization], str]] = {
    "default": (fresh_server, "a fresh 2007 Hub Transport server with its two default connectors"),
    "option-1": (option_1, 'plus the connector "CRM Application", externally secured'),
    "option-2": (option_2, 'plus "CRM Application" with AnonymousUsers and the relay right'),
    "both": (both, "both options on the one connector"),
}
"""Name to maker and description. Source: SEED."""


def builtin(name: str) -> Organization:
    """Return the built-in configuration of this name, with or without ``builtin:``, in any case.

    Raises:
        UnknownName: No such configuration.

    >>> [connector.name for connector in builtin("default").connectors]
    ['Default EX01', 'Client EX01']
    """
    wanted = name.strip().casefold().removeprefix(PREFIX)
    found = BUILTINS.get(wanted)
    if found is None:
        near = closest(wanted, BUILTINS)
        known = ", ".join(PREFIX + key for key in BUILTINS)
        hint = f"did you mean `{PREFIX}{near}`? " if near else ""
        raise UnknownName(
            f"unknown built-in configuration `{name}`", hint=f"{hint}there are {known}"
        )
    return found[0]()
