"""``Read-Host``, ``Get-Credential``, ``pause``: what a person answers is given beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.hosting.credentials import credential_object, secure_string
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import (
    to_text,
    written_text,
)
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.value import ShellObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.values.value import Value

__all__ = ["ASKING_CMDLETS", "SECRET_CMDLETS"]


class _ReadHost:
    spec = CmdletSpec(
        name="Read-Host",
        parameters=(
            Parameter(name="Prompt", position=0, remaining=True),
            Parameter(name="AsSecureString", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the next answer."""
        del pipeline_input
        answer = context.machine.ask(to_text(bound.get("Prompt", "Read-Host")))
        return [secure_string(answer) if bound.flag("AsSecureString") else answer]


class _Pause:
    spec = CmdletSpec(name="pause")

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Wait for Enter."""
        del bound, pipeline_input
        context.machine.ask("Press Enter to continue...")
        return ()


class _GetCredential:
    spec = CmdletSpec(
        name="Get-Credential",
        parameters=(
            Parameter(name="Credential", position=0),
            Parameter(name="UserName", convert=written_text),
            Parameter(name="Message", convert=written_text),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Ask for the user unless one is named, then for the password."""
        del pipeline_input
        given = bound.get("Credential", bound.get("UserName"))
        if isinstance(given, ShellObject):
            return [given]
        machine = context.machine
        user = to_text(given) or machine.ask("Get-Credential: User name")
        return [credential_object(user, secure_string(machine.ask(f"Password for user {user}")))]


class _ToSecureString:
    spec = CmdletSpec(
        name="ConvertTo-SecureString",
        parameters=(
            Parameter(
                name="String", position=0, mandatory=True, from_pipeline=True, convert=written_text
            ),
            Parameter(name="AsPlainText", switch=True),
            Parameter(name="Force", switch=True),
            Parameter(name="Key"),
            Parameter(name="SecureKey"),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return a text as a secure string; one that a machine encrypted cannot be read."""
        del pipeline_input
        if not bound.flag("AsPlainText"):
            raise not_in_subset("`ConvertTo-SecureString` of a text that a machine has encrypted")
        if not bound.flag("Force"):
            raise context.failure(
                "ConvertTo-SecureString: a plain text is only taken with `-Force`",
                id="ImportSecureString_ForceRequired",
            )
        return [secure_string(to_text(bound.get("String")))]


ASKING_CMDLETS: tuple[Cmdlet, ...] = (_ReadHost(), _Pause(), _GetCredential())
"""The commands that ask; they are there where somebody answers."""
SECRET_CMDLETS: tuple[Cmdlet, ...] = (_ToSecureString(),)
"""The commands about secrets that ask nobody."""
