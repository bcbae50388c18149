"""What stands in the way of an answer: facts that are not known, servers that are not named."""

from typing import NamedTuple

__all__ = ["Missing", "ServerAnswer", "Undecided"]


class Missing(NamedTuple):
    r"""A fact that is not known and that something of the answer hangs on.

    Attributes:
        fact: What is not known, such as "the entries of `EX01\Relay`".
        command: The command of the Exchange Management Shell that tells it, or the option that
            names it.
        affects: Names of the answers that it leaves undecided, and of ``connector``, ``auth_as``,
            ``refusal`` and ``reply``.
    """

    fact: str
    command: str
    affects: tuple[str, ...]


class Undecided(NamedTuple):
    """Why a question has no answer: a fact is missing, or the configuration is invalid.

    Attributes:
        rule: ``S-7`` (local address), ``S-8`` (server), ``P-4`` (two services on one socket) or
            ``O-7`` (whose address the sender is).
        fact: The fact to add, in the words of the command line.
        text: What the answer depends on.
        options: The possible outcomes, one line each.
    """

    rule: str
    fact: str
    text: str
    options: tuple[str, ...]


class ServerAnswer(NamedTuple):
    """A server that an answer holds for.

    Attributes:
        server: Its name.
        connector: Name of its connector that answers, or ``None``.
    """

    server: str
    connector: str | None
