"""``Select-String``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.pattern import compile_pattern, escape_pattern
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["SEARCHING_CMDLETS"]

_MATCH = ObjectType(
    name="Microsoft.PowerShell.Commands.MatchInfo",
    view=DefaultView(columns=("Line",)),
    text=lambda found: to_text(found.get("Line")),
)


class _SelectString:
    spec = CmdletSpec(
        name="Select-String",
        aliases=("sls",),
        collects=True,
        parameters=(
            Parameter(name="Pattern", position=0, mandatory=True),
            Parameter(name="Path", position=1),
            Parameter(name="InputObject"),
            Parameter(name="SimpleMatch", switch=True),
            Parameter(name="CaseSensitive", switch=True),
            Parameter(name="NotMatch", switch=True),
            Parameter(name="Quiet", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the lines one of the patterns matches, or with ``-NotMatch`` the others."""
        texts = [to_text(one) for one in to_list(bound.get("Pattern"))]
        if bound.flag("SimpleMatch"):
            texts = [escape_pattern(text) for text in texts]
        patterns = [
            compile_pattern(text, ignore_case=not bound.flag("CaseSensitive")) for text in texts
        ]
        found: list[Value] = []
        for path, number, line in self._lines(context, bound, pipeline_input):
            context.spend(1)
            matched = any(one.search(line, spend=context.spend) is not None for one in patterns)
            if matched is not bound.flag("NotMatch"):
                fields: list[tuple[str, Value]] = [
                    ("LineNumber", number),
                    ("Line", line),
                    ("Path", path),
                ]
                found.append(ShellObject(fields, type_=_MATCH))
        return [bool(found)] if bound.flag("Quiet") else found

    @staticmethod
    def _lines(
        context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterator[tuple[str, int, str]]:
        for path in to_list(bound.get("Path")):
            name = to_text(path)
            for number, line in enumerate(context.read(name).splitlines(), 1):
                yield name, number, line
        items = [*pipeline_input, *to_list(bound.get("InputObject"))]
        for number, item in enumerate(items, 1):
            yield "InputStream", number, to_text(item)


SEARCHING_CMDLETS: tuple[Cmdlet, ...] = (_SelectString(),)
