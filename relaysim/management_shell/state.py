"""What a script of the Exchange Management Shell changes, and how its commands are written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from relaysim.management_shell.values.parameters import RefusedArgument

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.model.decision import Assumption
    from relaysim.model.organization import Organization
    from relaysim.model.version import ExchangeVersion
    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Bound, CmdletSpec
    from relaysim.powershell.values.value import Value

__all__ = ["ExchangeCmdlet", "ExchangeState", "Refused", "Unmodelled", "state_of"]


class Unmodelled(NamedTuple):
    """A setting that was made and that no rule uses.

    Attributes:
        target: What it was made on, such as ``receive connector "Relay"``.
        name: The property or parameter.
        value: Its text.
    """

    target: str
    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.target}: {self.name} = {self.value}"


class ExchangeState(NamedTuple):
    """The state of a run.

    Attributes:
        organization: The organization as the commands so far have left it.
        unmodelled: Settings made that no rule uses, in order.
        assumptions: What was assumed on the way.
        home: Name of the server that the shell runs on; empty means the first.
    """

    organization: Organization
    unmodelled: tuple[Unmodelled, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    home: str = ""

    @property
    def local(self) -> Organization:
        """The organization with only the server that the shell runs on."""
        return self.organization.on(self.home or self.organization.servers[0].name)

    @property
    def newest(self) -> ExchangeVersion:
        """The newest version of a server; commands of the whole organization are its.

        Raises:
            InvalidInput: No version is known.
        """
        known = [one.exchange for one in self.organization.servers if one.exchange is not None]
        return max(known) if known else self.local.exchange

    def named(self, server: str, name: str) -> str:
        """Return the name of a connector in a message, with its server where there are several."""
        return f"{server}\\{name}" if len(self.organization.servers) > 1 else name

    def noting(self, *entries: Unmodelled) -> ExchangeState:
        """Return the state with further unmodelled settings; a later one replaces its like."""
        new = {entry[:2] for entry in entries}
        kept = tuple(entry for entry in self.unmodelled if entry[:2] not in new)
        return self._replace(unmodelled=kept + entries)

    def assuming(self, *assumptions: tuple[str, str]) -> ExchangeState:
        """Return the state with further assumptions (rule, text), each one once."""
        from relaysim.model.decision import Assumption

        found = dict.fromkeys(self.assumptions)
        found.update((Assumption(rule, text, ()), None) for rule, text in assumptions)
        return self._replace(assumptions=tuple(found))


def state_of(context: Context) -> ExchangeState:
    """Return the state of a run."""
    state = context.state
    assert isinstance(state, ExchangeState)  # noqa: S101  # the runner put it there
    return state


class Refused(Exception):
    """A command cannot do what it was asked for; nothing was changed.

    Attributes:
        message: Why, one line.
        id: The id of the rule, or of the kind of error.
        target: What the command was working on.
        hint: Advice, or ``None``.
    """

    def __init__(
        self, message: str, id_: str, *, target: str = "", hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.id = id_
        self.target = target
        self.hint = hint


class ExchangeCmdlet(ABC):
    """A command on the organization: a refusal is an error after which the script goes on."""

    @property
    @abstractmethod
    def spec(self) -> CmdletSpec:
        """What the command declares."""

    @property
    def since(self) -> dict[str, ExchangeVersion]:
        """Parameters that only later versions know, by case-folded name."""
        return {}

    @abstractmethod
    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Do the work, or raise :class:`Refused` before anything is changed."""

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Do the work once; a refusal becomes an error of this object."""
        del pipeline_input
        try:
            if any(name.casefold() in self.since for name in bound):
                self._check_version(self.version_for(context, bound), bound)
            _refuse_arguments(bound)
            return list(self.work(context, bound))
        except Refused as refused:
            context.write_error(
                f"{self.spec.name}: {refused.message}",
                id=refused.id,
                target=refused.target,
                hint=refused.hint,
            )
            return ()

    def version_for(self, context: Context, bound: Bound) -> ExchangeVersion:
        """Return the version that has to know the parameters: here the newest of a server."""
        del bound
        return state_of(context).newest

    def _check_version(self, exchange: ExchangeVersion, bound: Bound) -> None:
        for name in bound:
            since = self.since.get(name.casefold())
            if since is not None and since > exchange:
                raise Refused(
                    f"there is no parameter `-{name}` before Exchange {since.value}, "
                    f"and this server is Exchange {exchange.value}",
                    "NamedParameterNotFound",
                )


def _refuse_arguments(bound: Bound) -> None:
    """Refuse a value of the right type that the command does not take (V-10)."""
    for name, value in bound.items():
        if isinstance(value, RefusedArgument):
            error = value.error
            raise Refused(f"`-{name}`: {error.message}", error.id, hint=error.hint)
