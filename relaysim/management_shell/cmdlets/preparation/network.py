"""What a script may learn of the network: the servers' names, their addresses, where they listen.

Only the configuration is asked. A machine that is none of its servers, a port that belongs to
another program and an address that nobody wrote down end the script, since every answer would be
a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.management_shell.cmdlets.preparation.elsewhere import server_called
from relaysim.management_shell.cmdlets.preparation.recognised import named, switches
from relaysim.management_shell.state import state_of
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import to_int, to_list, to_text
from relaysim.powershell.values.failures import not_known
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.model.organization import Organization
    from relaysim.net.address import Address
    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["NETWORK_CMDLETS", "addresses_of"]

_SMTP_PORTS = frozenset({25, 465, 475, 587, 717, 2525})
"""Ports that nobody but the transport services listens on."""


def addresses_of(context: Context, server: str) -> tuple[Address, ...]:
    """Return the addresses of a server.

    Raises:
        ConversionError: The configuration does not have them.
    """
    found = state_of(context).organization.on(server).only.addresses
    if not found:
        raise not_known(
            f"which addresses `{server}` has",
            hint='`addresses = ["10.0.0.5"]` in the server file gives them',
        )
    return found


def _server(context: Context, name: str) -> str:
    found = server_called(context, name)
    if found is None:
        raise not_known(f"what `{context.command}` finds at `{name}`, which is no server here,")
    return found


def _listening(view: Organization, port: int) -> bool:
    """Tell whether a server listens on a port.

    Raises:
        ConversionError: Another program may.
    """
    bound = [one for one in view.connectors if any(b.port == port for b in one.bindings)]
    if any(one.enabled for one in bound):
        return True
    if not bound and port not in _SMTP_PORTS:
        raise not_known(f"what listens on port {port} of `{view.server}`, no connector,")
    return False


_PING = ObjectType(
    name="System.Management.ManagementObject#root\\cimv2\\Win32_PingStatus",
    view=DefaultView(columns=("Address", "IPV4Address", "IPV6Address")),
)
_TESTED = ObjectType(name="TestNetConnectionResult", view=DefaultView(columns=(), as_list=True))
_RECORD = ObjectType(
    name="Microsoft.DnsClient.Commands.DnsRecord_A",
    view=DefaultView(columns=("Name", "Type", "Section", "IPAddress")),
)
_ADDRESS = ObjectType(
    name="Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/MSFT_NetIPAddress",
    view=DefaultView(columns=(), as_list=True),
    text=lambda one: to_text(one.get("IPAddress")),
)
_CONNECTION = ObjectType(
    name="Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/MSFT_NetTCPConnection",
    view=DefaultView(
        columns=("LocalAddress", "LocalPort", "RemoteAddress", "RemotePort", "State"),
    ),
)


def _of_family(addresses: Iterable[Address], family: int) -> list[Value]:
    return [cast("ipaddress", str(one)) for one in addresses if one.family == family]


class _TestConnection:
    spec = CmdletSpec(
        name="Test-Connection",
        parameters=(
            Parameter(name="ComputerName", position=0, mandatory=True, from_pipeline=True,
                      from_property=True, aliases=("CN", "IPAddress", "Destination")),
            *named("Count", "Source", "BufferSize", "Delay", "TimeToLive", "ThrottleLimit",
                   "Credential", "Impersonation"),
            *switches("Quiet", "AsJob"),
        ),
    )  # fmt: skip

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Say that servers of the configuration answer."""
        del pipeline_input
        for item in to_list(bound.get("ComputerName")):
            name = to_text(item)
            server = _server(context, name)
            context.machine.remark(f"Test-Connection asks nobody: `{server}` is taken to answer")
            if bound.flag("Quiet"):
                yield True
                continue
            known = state_of(context).organization.on(server).only.addresses
            first = {family: next(iter(_of_family(known, family)), None) for family in (4, 6)}
            yield ShellObject(
                (("Address", name), ("IPV4Address", first[4]), ("IPV6Address", first[6]),
                 ("StatusCode", 0), ("__SERVER", context.machine.surroundings.computer),
                 ("PSComputerName", context.machine.surroundings.computer)),
                type_=_PING,
            )  # fmt: skip


class _TestNetConnection:
    spec = CmdletSpec(
        name="Test-NetConnection",
        aliases=("tnc",),
        parameters=(
            Parameter(name="ComputerName", position=0, aliases=("RemoteAddress", "cn")),
            Parameter(name="Port", aliases=("RemotePort",), convert=to_int),
            *named("InformationLevel", "Hops", "ConstrainInterface", "ConstrainSourceAddress"),
            *switches("TraceRoute", "DiagnoseRouting"),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Say whether a server of the configuration listens on a port."""
        del pipeline_input
        name = to_text(bound.get("ComputerName"))
        server = _server(context, name)
        view = state_of(context).organization.on(server)
        port = bound.get("Port")
        quiet = to_text(bound.get("InformationLevel")).casefold() == "quiet"
        if not isinstance(port, int):
            context.machine.remark(f"Test-NetConnection asks nobody: `{server}` is taken to answer")
            if quiet:
                return [True]
            return [ShellObject((("ComputerName", name), ("PingSucceeded", True)), type_=_TESTED)]
        succeeded = _listening(view, port)
        context.machine.remark(
            "Test-NetConnection asks nobody: what connectors are bound to is the answer, whatever "
            "a firewall does"
        )
        if not succeeded:
            context.warn(f"TCP connect to ({name} : {port}) failed")
        if quiet:
            return [succeeded]
        return [
            ShellObject(
                (("ComputerName", name), ("RemotePort", port), ("TcpTestSucceeded", succeeded)),
                type_=_TESTED,
            )
        ]


class _ResolveName:
    spec = CmdletSpec(
        name="Resolve-DnsName",
        parameters=(
            Parameter(name="Name", position=0, mandatory=True, from_pipeline=True,
                      from_property=True),
            Parameter(name="Type", position=1, aliases=("QueryType",)),
            *named("Server"),
            *switches("DnsOnly", "TcpOnly", "NoHostsFile", "CacheOnly", "QuickTimeout",
                      "LlmnrFallback", "NetbiosFallback", "NoIdn", "NoRecursion"),
        ),
    )  # fmt: skip

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the addresses of a server, or its name for one of its addresses."""
        del pipeline_input
        name = to_text(bound.get("Name"))
        server = _server(context, name)
        kind = to_text(bound.get("Type") or "A_AAAA").upper()
        known = addresses_of(context, server)
        if name in {str(one) for one in known}:
            full = state_of(context).organization.on(server).full_name
            fields: tuple[tuple[str, Value], ...] = (
                ("Name", name), ("Type", "PTR"), ("Section", "Answer"), ("NameHost", full),
            )  # fmt: skip
            yield ShellObject(fields, type_=ObjectType(name=_RECORD.name.replace("_A", "_PTR")))
            return
        families = {"A": (4,), "AAAA": (6,), "A_AAAA": (6, 4), "ALL": (6, 4)}.get(kind)
        if families is None:
            raise not_known(f"a record of the type {kind}")
        for family in families:
            for one in known:
                if one.family == family:
                    word = "A" if family == 4 else "AAAA"
                    yield ShellObject(
                        (("Name", name), ("Type", word), ("Section", "Answer"),
                         ("IPAddress", str(one)), (f"IP{family}Address", str(one)),
                         ("QueryType", word)),
                        type_=_RECORD,
                    )  # fmt: skip


class _GetAddress:
    spec = CmdletSpec(
        name="Get-NetIPAddress",
        parameters=(
            Parameter(name="IPAddress", position=0),
            *named("AddressFamily", "Type", "PrefixOrigin", "AddressState", "SkipAsSource",
                   "PolicyStore", "CimSession"),
        ),
    )  # fmt: skip

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the addresses of the server that the script runs on."""
        del pipeline_input
        family = to_text(bound.get("AddressFamily")).casefold()
        only = [to_text(one) for one in to_list(bound.get("IPAddress"))]
        found = addresses_of(context, state_of(context).local.server)
        context.machine.remark(
            "Get-NetIPAddress shows the addresses that the configuration has, without those of "
            "loopback and link"
        )
        for one in found:
            word = f"IPv{one.family}"
            if family in {"", word.casefold()} and (not only or str(one) in only):
                yield ShellObject(
                    (("IPAddress", str(one)), ("InterfaceAlias", "Ethernet"),
                     ("AddressFamily", word), ("AddressState", "Preferred"),
                     (f"IPv{one.family}Address", str(one))),
                    type_=_ADDRESS,
                )  # fmt: skip


class _GetConnection:
    spec = CmdletSpec(
        name="Get-NetTCPConnection",
        parameters=(
            Parameter(name="LocalAddress", position=0),
            Parameter(name="LocalPort", position=1),
            *named("State", "CimSession"),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return where the connectors of the server listen."""
        del pipeline_input
        view = state_of(context).local
        ports = [to_int(one) for one in to_list(bound.get("LocalPort"))]
        for port in ports:
            if not _listening(view, port):
                context.write_error(
                    f"No MSFT_NetTCPConnection objects found with property 'LocalPort' equal to "
                    f"'{port}'.  Verify the value of the property and retry.",
                    id="CmdletizationQuery_NotFound_LocalPort",
                    target=str(port),
                )
        state = to_text(bound.get("State")).casefold()
        if state not in {"", "listen"}:
            raise not_known(f"a connection in the state `{to_text(bound.get('State'))}`")
        context.machine.remark("Get-NetTCPConnection shows where connectors listen, nothing else")
        addresses = {to_text(one) for one in to_list(bound.get("LocalAddress"))}
        sockets = dict.fromkeys(
            socket for one in view.connectors if one.enabled for socket in one.bindings
        )
        for socket in sockets:
            address = str(socket.address)
            if (not ports or socket.port in ports) and (not addresses or address in addresses):
                yield ShellObject(
                    (("LocalAddress", address), ("LocalPort", socket.port),
                     ("RemoteAddress", str(socket.address._replace(value=0))),
                     ("RemotePort", 0), ("State", "Listen")),
                    type_=_CONNECTION,
                )  # fmt: skip


NETWORK_CMDLETS: tuple[Cmdlet, ...] = (
    _TestConnection(),
    _TestNetConnection(),
    _ResolveName(),
    _GetAddress(),
    _GetConnection(),
)
