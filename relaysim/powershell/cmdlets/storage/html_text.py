"""``ConvertTo-Html`` and ``ConvertFrom-StringData``.

Source: PSHTML (the head of an only column).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.cmdlets.calculated import HTML_KEYS, Selector, selectors
from relaysim.powershell.cmdlets.choices import set_of
from relaysim.powershell.cmdlets.properties import view_properties
from relaysim.powershell.display.cells import culture_text
from relaysim.powershell.display.shaping import property_named
from relaysim.powershell.display.views import properties_of
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import (
    to_list,
    to_text,
    type_name_of,
    written_text,
)
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.patterns.pattern_syntax import LETTERS
from relaysim.powershell.values.patterns.wildcard import has_wildcard
from relaysim.powershell.values.value import HashTable, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relaysim.powershell.display.shaping import ChosenProperty
    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["HTML_CMDLETS"]

_DOCTYPE = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"  '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
)


def _escaped(text: str) -> str:
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"),
                         ("'", "&#39;")):  # fmt: skip
        text = text.replace(char, entity)
    return "".join(
        f"&#{ord(char)};" if "\xa0" <= char <= "\xff" or char > "\uffff" else char for char in text
    )


def _cell(value: Value) -> str:
    return _escaped(type_name_of(value) if isinstance(value, list) else culture_text(value))


class _ConvertToHtml:
    spec = CmdletSpec(
        name="ConvertTo-Html",
        collects=True,
        parameters=(
            Parameter(name="Property", position=0),
            Parameter(name="Head", position=1),
            Parameter(name="Title", position=2, convert=written_text),
            Parameter(name="Body", position=3),
            Parameter(name="As", convert=set_of("Table", "List")),
            Parameter(name="CssUri", convert=written_text, aliases=("cu", "uri")),
            Parameter(name="Fragment", switch=True),
            Parameter(name="PreContent"),
            Parameter(name="PostContent"),
            Parameter(name="InputObject", from_pipeline=True),
        ),
        exclusive=tuple(("Fragment", name) for name in ("Head", "Title", "Body", "CssUri")),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the lines of a page, or of its table alone."""
        items: list[Value] = []
        for item in (*pipeline_input, bound.get("InputObject")):
            if isinstance(item, HashTable):
                raise not_in_subset("a hashtable as HTML, not its `GetEnumerator()`,")
            items += to_list(item)
        context.spend(len(items))
        wanted = selectors(bound.get("Property"), HTML_KEYS)
        if not bound.flag("Fragment"):
            yield from self._head(bound)
        yield from map(to_text, to_list(bound.get("PreContent")))
        yield "<table>"
        if items and bound.get("Property") == []:
            raise context.failure(
                "Object reference not set to an instance of an object.",
                id="System.NullReferenceException",
            )
        as_list = to_text(bound.get("As")).casefold() == "list"
        yield from (
            self._list(context, wanted, items) if as_list else self._table(context, wanted, items)
        )
        yield "</table>"
        yield from map(to_text, to_list(bound.get("PostContent")))
        if not bound.flag("Fragment"):
            yield "</body></html>"

    @staticmethod
    def _head(bound: Bound) -> Iterator[str]:
        yield _DOCTYPE
        yield '<html xmlns="http://www.w3.org/1999/xhtml">'
        yield "<head>"
        head = to_list(bound.get("Head"))
        if head:
            # A head has its own title: the one that is given does not count.
            yield from map(to_text, head)
        else:
            yield f"<title>{_escaped(to_text(bound.get('Title', 'HTML TABLE')))}</title>"
        if "CssUri" in bound:
            address = _escaped(to_text(bound.get("CssUri")))
            yield f'<link rel="stylesheet" type="text/css" href="{address}" />'
        yield "</head><body>"
        yield from map(to_text, to_list(bound.get("Body")))

    @staticmethod
    def _chosen(context: Context, wanted: list[Selector], item: Value) -> list[ChosenProperty]:
        if wanted:
            chosen = view_properties(context, wanted, item)
            return [one for one in chosen if one.exists(item)]
        return [property_named(name) for name, _ in properties_of(item)]

    def _table(self, context: Context, wanted: list[Selector], items: list[Value]) -> Iterator[str]:
        # Objects before the first one that has any of the properties are left out.
        chosen: list[ChosenProperty] = []
        while items and not chosen:
            chosen = self._chosen(context, wanted, items[0])
            items = items if chosen else items[1:]
        if not chosen:
            return
        names = [one.name for one in wanted] or ["*"]
        if len(names) == len(chosen) == 1 and has_wildcard(names[0]):
            # Windows PowerShell heads the only column that a wildcard finds with the wildcard.
            chosen = [replace(chosen[0], title=names[0])]
        said = {one.name: one.column for one in wanted}
        columns = [
            " ".join(["<col", *(f'{name} = "{value}"' for name, value in said.get(one.title, ()))])
            for one in chosen
        ]
        yield f"<colgroup>{''.join(f'{column}/>' for column in columns)}</colgroup>"
        yield "<tr>" + "".join(f"<th>{_escaped(one.title)}</th>" for one in chosen) + "</tr>"
        for item in items:
            cells = "".join(f"<td>{_cell(one.read(item))}</td>" for one in chosen)
            yield f"<tr>{cells}</tr>"

    def _list(self, context: Context, wanted: list[Selector], items: list[Value]) -> Iterator[str]:
        begun = False
        for item in items:
            chosen = self._chosen(context, wanted, item)
            if begun and chosen:
                yield "<tr><td><hr></td></tr>"
            begun = begun or bool(chosen)
            for one in chosen:
                yield f"<tr><td>{_escaped(one.title)}:</td><td>{_cell(one.read(item))}</td></tr>"


def _unescaped(context: Context, text: str) -> str:
    """Return a value whose backslashes begin escapes, as in a pattern."""
    pieces: list[str] = []
    rest = iter(text)
    for char in rest:
        if char != "\\":
            pieces.append(char)
            continue
        following = next(rest, "")
        if not following or (following.isalnum() and following not in LETTERS):
            raise context.failure(
                f'parsing "{text}" - Unrecognized escape sequence \\{following}.',
                id="System.ArgumentException",
            )
        pieces.append(LETTERS.get(following, following))
    return "".join(pieces)


class _ConvertFromStringData:
    spec = CmdletSpec(
        name="ConvertFrom-StringData",
        parameters=(
            Parameter(
                name="StringData",
                position=0,
                mandatory=True,
                from_pipeline=True,
                convert=written_text,
            ),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the lines ``name=value`` as a hashtable."""
        del pipeline_input
        table = HashTable()
        for line in to_text(bound.get("StringData")).splitlines():
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            name, equals, value = text.partition("=")
            if not equals or name.strip() in table:
                raise context.failure(
                    f"ConvertFrom-StringData: the line `{text}` is no new `name=value`",
                    id="InvalidOperation" if not equals else "DataItemAlreadyDefined",
                )
            table[name.strip()] = _unescaped(context, value.strip())
        yield table


HTML_CMDLETS: tuple[Cmdlet, ...] = (_ConvertToHtml(), _ConvertFromStringData())
