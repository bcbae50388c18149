"""Set- and Remove-ReceiveConnector.

Source: NEWRC07, NEWRC, SETRC, RC07.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.management_shell.cmdlets.changes import change_connector
from relaysim.management_shell.cmdlets.creating import NewConnector
from relaysim.management_shell.cmdlets.identities import (
    one_connector,
    to_identity,
)
from relaysim.management_shell.cmdlets.storing import (
    ConnectorCmdlet,
    given_values,
    property_parameters,
    store,
)
from relaysim.management_shell.state import ExchangeCmdlet, Refused, state_of
from relaysim.management_shell.values.connector_objects import (
    ConnectorSnapshot,
    changed_properties,
)
from relaysim.management_shell.values.parameters import converted
from relaysim.model.edit import remove_connector
from relaysim.model.properties.catalogue import PROPERTIES
from relaysim.model.version import ExchangeVersion
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.value import ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.model.organization import Organization
    from relaysim.powershell.interpreter.context import Context

__all__ = ["CONNECTOR_CMDLETS", "RemoveConnector", "SetConnector"]


class _Target:
    """What ``-Identity`` was given: an identity, and the object it came from."""

    __slots__ = ("item", "text")

    def __init__(self, value: Value) -> None:
        self.text = to_identity(value)
        self.item = value if isinstance(value, ShellObject) else None

    def _is_edited(self) -> bool:
        return self.item is not None and bool(changed_properties(self.item))

    def edited(self, organization: Organization) -> ShellObject | None:
        """Return the object whose changes a pipeline saves: only 2007's local shell does."""
        local = organization.exchange is ExchangeVersion.V2007
        return self.item if local and self._is_edited() else None

    def is_stale(self, organization: Organization) -> bool:
        """Tell whether the object carries changes that are lost."""
        return organization.exchange is not ExchangeVersion.V2007 and self._is_edited()


def _instance(value: Value) -> Value:
    if isinstance(value, ShellObject) and isinstance(value.base, ConnectorSnapshot):
        return value
    raise ConversionError("a receive connector object is expected", id="CannotConvertArgument")


class SetConnector(ConnectorCmdlet):
    """``Set-ReceiveConnector``."""

    spec = CmdletSpec(
        name="Set-ReceiveConnector",
        changes=True,
        directory=True,
        parameters=(
            Parameter(
                name="Identity",
                convert=_Target,
                position=0,
                from_pipeline=True,
            ),
            *property_parameters(one for one in PROPERTIES if one.on_set),
            Parameter(name="Instance", convert=_instance),
        ),
    )

    @staticmethod
    def _target(bound: Bound) -> _Target:
        target, instance = bound.get("Identity"), bound.get("Instance")
        if isinstance(target, _Target):
            return target
        if not isinstance(instance, ShellObject):
            raise Refused("`-Identity` is needed", "MissingMandatoryParameter")
        return _Target(instance)

    def view(self, context: Context, bound: Bound) -> Organization:
        """Return the server of the connector."""
        wanted = self._target(bound).text
        return one_connector(state_of(context).organization, wanted).organization

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Change the connector."""
        target, instance = self._target(bound), bound.get("Instance")
        place = one_connector(state_of(context).organization, target.text)
        organization, connector = place
        given = Bound(bound.items())
        edited = instance if isinstance(instance, ShellObject) else target.edited(organization)
        for wanted, value in changed_properties(edited) if edited is not None else ():
            if wanted.name not in given:
                given.set(wanted.name, converted(wanted.kind, value))
        if target.is_stale(organization):
            context.warn(
                f"changes made to the object of `{connector.name}` are not saved by piping it "
                f"into Set-ReceiveConnector from Exchange 2010 on: name the parameters"
            )
        label = state_of(context).named(place.server, connector.name)
        changed = change_connector(
            connector, organization, given_values(given), context.warn, label=label
        )
        if changed.connector == connector and not changed.unmodelled:
            context.note(f"nothing is changed on `{connector.name}`")
        store(context, changed, organization, replaces=connector.name)
        return ()


class RemoveConnector(ExchangeCmdlet):
    """``Remove-ReceiveConnector``."""

    spec = CmdletSpec(
        name="Remove-ReceiveConnector",
        changes=True,
        directory=True,
        parameters=(
            Parameter(
                name="Identity",
                convert=to_identity,
                position=0,
                mandatory=True,
                from_pipeline=True,
            ),
        ),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Remove the connector."""
        state = state_of(context)
        place = one_connector(state.organization, to_text(bound.get("Identity")))
        if context.should_process(place.identity):
            context.state = state._replace(
                organization=remove_connector(
                    state.organization, place.connector.name, server=place.server
                )
            )
        return ()


CONNECTOR_CMDLETS = (NewConnector(), SetConnector(), RemoveConnector())
