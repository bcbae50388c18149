"""Options that say a fact of a session, made from the catalogue of facts."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from relaysim.cli.diagnostics import ADDRESS
from relaysim.cli.options.params import AUTH, MAILBOX, SIZE, refuse_account_options
from relaysim.errors import InvalidInput, Problem
from relaysim.model.facts.catalogue import FACT_NAMED, FACTS, FactKind
from relaysim.model.session import Session, default_of

__all__ = ["fact_option", "fact_options", "session_of"]

F = TypeVar("F", bound=Callable[..., Any])

_OF_KIND: dict[FactKind, dict[str, Any]] = {
    FactKind.ADDRESS: {"type": ADDRESS},
    FactKind.AUTH: {"type": AUTH},
    FactKind.FLAG: {},
    FactKind.PORT: {"type": click.IntRange(1, 65535)},
    FactKind.NAME: {"metavar": "NAME"},
    FactKind.NAMES: {"metavar": "NAME", "multiple": True},
    FactKind.MAILBOX: {"type": MAILBOX},
    FactKind.MAILBOXES: {"type": MAILBOX, "multiple": True},
    FactKind.SIZE: {"type": SIZE},
}


def fact_option(name: str, **changed: Any) -> Callable[[F], F]:  # noqa: ANN401  # as Click takes it
    """Return the option that says a fact.

    Args:
        name: The fact.
        changed: What a command says otherwise than the catalogue, such as ``help``.
    """
    fact = FACT_NAMED[name]
    option = fact.option
    if fact.kind is FactKind.FLAG:
        option = f"{option}/--no-{option.removeprefix('--')}"
    settings = {"help": fact.help, **_OF_KIND[fact.kind]}
    # Click takes a default of None for a value that need not be named.
    if default_of(name) is not None:
        settings["default"] = default_of(name)
    return click.option(option, name, **settings | changed)


def fact_options(*, opening: bool = False, **changed: dict[str, Any]) -> Callable[[F], F]:
    """Return the options of the catalogue, in its order; the client must be named.

    Args:
        opening: Only the facts that are known before a dialogue begins.
        changed: By fact, what a command says otherwise than the catalogue.
    """

    def decorate(function: F) -> F:
        for fact in reversed(FACTS):
            if not (opening and fact.is_said_later):
                settings: dict[str, Any] = {"required": True} if fact.name == "ip" else {}
                settings |= changed.get(fact.name, {})
                function = fact_option(fact.name, **settings)(function)
        return function

    return decorate


def session_of(facts: Mapping[str, Any]) -> Session:
    """Return the session that the options of :func:`fact_options` describe.

    Raises:
        InvalidInput: An account's facts without an account, an empty name or recipient.
    """
    refuse_account_options(facts["auth"], facts["user"], facts["groups"])
    if "" in facts["rcpt_to"]:
        raise InvalidInput(Problem("a recipient cannot be empty", where="--to"))
    return Session(**facts)
