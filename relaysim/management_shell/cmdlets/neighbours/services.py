"""Windows services of a mail server: they run; stopping one is said and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.management_shell.state import state_of
from relaysim.model.version import ServerRole, has_two_services
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["SERVICE_CMDLETS", "services_of"]

_SERVICE = ObjectType(
    name="System.ServiceProcess.ServiceController",
    view=DefaultView(columns=("Status", "Name", "DisplayName"), widths=(8, 18, 38)),
    text=lambda _one: "System.ServiceProcess.ServiceController",
    methods={
        "refresh": lambda _one: None, "start": lambda _one: None, "stop": lambda _one: None,
        "close": lambda _one: None,
    },
    calls={"waitforstatus": lambda _one, _args: None},
)  # fmt: skip
_HUB = {
    "MSExchangeTransport": "Microsoft Exchange Transport",
    "MSExchangeTransportLogSearch": "Microsoft Exchange Transport Log Search",
    "MSExchangeServiceHost": "Microsoft Exchange Service Host",
}
_MAILBOX = {
    "MSExchangeFrontEndTransport": "Microsoft Exchange Frontend Transport",
    "MSExchangeDelivery": "Microsoft Exchange Mailbox Transport Delivery",
    "MSExchangeSubmission": "Microsoft Exchange Mailbox Transport Submission",
    "MSExchangeAntispamUpdate": "Microsoft Exchange Anti-spam Update",
    "MSExchangeEdgeSync": "Microsoft Exchange EdgeSync",
    "MSExchangeIS": "Microsoft Exchange Information Store",
    "MSExchangeADTopology": "Microsoft Exchange Active Directory Topology",
    "MSExchangeHM": "Microsoft Exchange Health Manager",
    "MSExchangePop3": "Microsoft Exchange POP3",
    "MSExchangeImap4": "Microsoft Exchange IMAP4",
    "MSExchangePOP3BE": "Microsoft Exchange POP3 Backend",
    "MSExchangeIMAP4BE": "Microsoft Exchange IMAP4 Backend",
    "W3SVC": "World Wide Web Publishing Service",
}
_EDGE = {"ADAM_MSExchange": "Microsoft Exchange ADAM",
         "MSExchangeEdgeCredential": "Microsoft Exchange Credential Service"}  # fmt: skip
_OLD = frozenset({"MSExchangeFrontEndTransport", "MSExchangeDelivery", "MSExchangeSubmission",
                  "MSExchangeHM", "MSExchangePOP3BE", "MSExchangeIMAP4BE"})  # fmt: skip
"""Services that only versions with a front end have."""


def services_of(context: Context) -> dict[str, str]:
    """Return the services of the server that a script runs on, each with its display name."""
    local = state_of(context).local
    found = dict(_HUB)
    if local.role is ServerRole.EDGE:
        return found | _EDGE
    two = has_two_services(local.exchange, local.role)
    return found | {name: text for name, text in _MAILBOX.items() if two or name not in _OLD}


def _object(context: Context, name: str) -> ShellObject:
    return ShellObject(
        (
            ("Name", name),
            ("RequiredServices", []),
            ("CanPauseAndContinue", False),
            ("CanStop", True),
            ("DisplayName", services_of(context)[name]),
            ("DependentServices", []),
            ("MachineName", "."),
            ("ServiceName", name),
            ("Status", "Running"),
            ("StartType", "Automatic"),
        ),
        type_=_SERVICE,
    )


def _named(context: Context, wanted: str) -> list[str]:
    return [
        name
        for name, shown in services_of(context).items()
        if matches_wildcard(name, wanted) or matches_wildcard(shown, wanted)
    ]


def _missing(context: Context, wanted: str) -> None:
    if not wanted.casefold().startswith(("msexchange", "microsoft exchange")):
        raise not_in_subset(f"the service `{wanted}`, which would be one of this machine,")
    context.write_error(
        f"{context.command}: there is no service `{wanted}` on this server",
        id="NoServiceFoundForGivenName",
        target=wanted,
    )


class _GetService:
    spec = CmdletSpec(
        name="Get-Service",
        aliases=("gsv",),
        parameters=(
            Parameter(name="Name", position=0, from_pipeline=True, aliases=("ServiceName",)),
            Parameter(name="DisplayName"),
            Parameter(name="ComputerName", aliases=("Cn",)),
            Parameter(name="Include"),
            Parameter(name="Exclude"),
            Parameter(name="InputObject"),
            Parameter(name="DependentServices", switch=True),
            Parameter(name="RequiredServices", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return services of the server: all of them run."""
        del pipeline_input
        given = to_list(bound.get("Name", bound.get("DisplayName")))
        names: list[str] = []
        for item in given or ["MSExchange*"]:
            wanted = to_text(item.get("Name") if isinstance(item, ShellObject) else item)
            found = _named(context, wanted)
            if not found and not has_wildcard(wanted):
                _missing(context, wanted)
            names += found
        if not given:
            context.machine.remark("Get-Service shows the services of Exchange only")
        return [_object(context, name) for name in dict.fromkeys(names)]


class _ChangeService:
    def __init__(self, verb: str, word: str) -> None:
        self._word = word
        self.spec = CmdletSpec(
            name=f"{verb}-Service",
            changes=True,
            parameters=(
                Parameter(name="Name", position=0, from_pipeline=True, aliases=("ServiceName",)),
                Parameter(name="DisplayName"),
                Parameter(name="InputObject"),
                Parameter(name="StartupType"),
                Parameter(name="Status"),
                Parameter(name="ComputerName"),
                Parameter(name="Force", switch=True),
                Parameter(name="NoWait", switch=True),
                Parameter(name="PassThru", switch=True),
            ),
        )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Say once that nothing was done: what is configured counts at once."""
        del pipeline_input
        given = bound.get("Name", bound.get("DisplayName", bound.get("InputObject")))
        for item in to_list(given):
            wanted = to_text(item.get("Name") if isinstance(item, ShellObject) else item)
            found = _named(context, wanted)
            if not found:
                _missing(context, wanted)
            for name in found:
                if context.should_process(name):
                    _say(context, name, self._word)
                    if bound.flag("PassThru"):
                        yield _object(context, name)


def _say(context: Context, name: str, word: str) -> None:
    context.machine.remark(
        f"`{name}` is not {word}: what is configured counts at once here, and the service runs on"
    )


class _Net:
    spec = CmdletSpec(
        name="net",
        aliases=("net.exe",),
        parameters=(Parameter(name="Words", position=0, remaining=True),),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Take ``net stop`` and ``net start``; the rest would run a program."""
        del pipeline_input
        words = [to_text(one) for one in to_list(bound.get("Words"))]
        verb = words[0].casefold() if words else ""
        if verb not in {"stop", "start"} or len(words) < 2:
            raise not_in_subset(f"`net {' '.join(words)}`, which would run a program,")
        found = _named(context, words[1])
        if not found:
            _missing(context, words[1])
        for name in found:
            _say(context, name, "stopped" if verb == "stop" else "started")
        return ()


SERVICE_CMDLETS: tuple[Cmdlet, ...] = (
    _GetService(),
    _ChangeService("Restart", "restarted"),
    _ChangeService("Stop", "stopped"),
    _ChangeService("Start", "started"),
    _ChangeService("Set", "changed"),
    _Net(),
)
"""The commands about Windows services."""
