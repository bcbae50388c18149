"""``Read-Host``: what a person answers is given beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.failures import not_in_subset

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.values.value import Value

__all__ = ["ASKING_CMDLETS"]


class _ReadHost:
    spec = CmdletSpec(
        name="Read-Host",
        parameters=(
            Parameter(name="Prompt", position=0, convert=to_text),
            Parameter(name="AsSecureString", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the next answer."""
        del pipeline_input
        if bound.flag("AsSecureString"):
            raise not_in_subset("`Read-Host -AsSecureString`")
        return [context.machine.ask(to_text(bound.get("Prompt", "Read-Host")))]


ASKING_CMDLETS: tuple[Cmdlet, ...] = (_ReadHost(),)
