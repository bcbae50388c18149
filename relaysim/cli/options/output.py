"""Where output goes: one or more ``-o FORMAT[:FILE]``, each written once and whole."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import click

from relaysim.errors import InvalidInput, Problem, closest
from relaysim.render.formats import formats_for

if TYPE_CHECKING:
    from datetime import datetime

    from relaysim.render.view import View

__all__ = [
    "Output",
    "Style",
    "date_option",
    "output_option",
    "page_date",
    "parse_outputs",
    "style_for",
    "text_of",
    "write_file",
    "write_out",
    "write_result",
]

F = TypeVar("F", bound=Callable[..., object])


class Output(NamedTuple):
    """One output that was asked for.

    Attributes:
        format: Its format, lower-case.
        file: Where to, or ``None`` for standard output.
    """

    format: str
    file: str | None


class Style(NamedTuple):
    """How text looks.

    Attributes:
        rich: Draw tables with Rich; otherwise aligned ASCII.
        color: Use colour.
        width: Columns of the terminal, or ``None`` when lines must not be folded.
    """

    rich: bool
    color: bool
    width: int | None


PLAIN = Style(rich=False, color=False, width=None)


def output_option(kind: str) -> Callable[[F], F]:
    """Return the ``-o/--output`` option for a kind of result, its first format the default."""
    names = "|".join(formats_for(kind))
    return click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        metavar="FORMAT[:FILE]",
        help=f"Output format: {names}. With :FILE it goes to a file. Repeatable.",
    )


def parse_outputs(values: Iterable[str], kind: str) -> tuple[Output, ...]:
    """Return the outputs asked for of a kind of result; its first format if none is.

    Raises:
        InvalidInput: An unknown format, or two outputs for one place.
    """
    formats = formats_for(kind)
    outputs: list[Output] = []
    for value in values:
        name, colon, file = value.partition(":")
        name = name.strip().lower()
        if name not in formats:
            near = closest(name, formats)
            raise InvalidInput(
                Problem(
                    f"unknown format `{name}` (expected {', '.join(formats)})",
                    where="--output",
                    hint=f"did you mean `{near}`?" if near else None,
                )
            )
        if colon and not file:
            raise InvalidInput(
                Problem(f"`{value}` names no file after the colon", where="--output")
            )
        output = Output(name, file or None)
        if any(output.file == other.file for other in outputs):
            place = output.file or "standard output"
            raise InvalidInput(
                Problem(
                    f"two outputs go to {place}",
                    where="--output",
                    hint="give all but one a file: `-o FORMAT:FILE`",
                )
            )
        outputs.append(output)
    return tuple(outputs) or (Output(formats[0], None),)


def style_for(output: Output, color: str, environ: Mapping[str, str] = os.environ) -> Style:
    """Return how a text output looks: Rich on a terminal, plain ASCII anywhere else.

    ``--color always`` beats ``NO_COLOR``, which beats detection.
    """
    if output.file is not None:
        return PLAIN
    terminal = sys.stdout.isatty()
    if color == "always":
        return Style(rich=True, color=True, width=_columns() if terminal else None)
    if not terminal:
        return PLAIN
    # A dumb terminal has no colour, but a width all the same.
    plain = environ.get("NO_COLOR") or environ.get("TERM") == "dumb"
    return Style(rich=True, color=color == "auto" and not plain, width=_columns())


def _lay_out(view: "View", style: Style) -> str:
    """Return a view as text in this style; only the renderer that is needed is loaded."""
    if style.rich:
        from relaysim.render.terminal import render_terminal

        text = render_terminal(view, color=style.color, width=style.width)
        return text if view.picture is None else text + view.picture(style.color, style.width)
    from relaysim.render.plain import render_plain

    return render_plain(view)


def write_out(output: Output, text: str) -> None:
    """Write one output, whole: to its file, replacing it at once, or to standard output.

    Raises:
        InvalidInput: The file cannot be written; an older one is then untouched.
    """
    if output.file is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        write_file(output.file, text)


def write_result(
    kind: str,
    result: object,
    targets: Iterable[Output],
    color: str = "never",
    *,
    day: "datetime | None" = None,
) -> None:
    """Write a result of a kind of the registry in every format that was asked for.

    Args:
        kind: Its kind.
        result: The result.
        targets: Formats and places.
        color: When text is coloured.
        day: The day on a page; ``None`` for today.
    """
    if kind == "check" or not sys.stderr.isatty():
        for target in targets:
            write_out(target, text_of(kind, result, target, color, day=day))
        return
    from relaysim.cli.progress import working

    for target in targets:
        with working("writing it down"):
            text = text_of(kind, result, target, color, day=day)
        write_out(target, text)


def date_option() -> Callable[[F], F]:
    """Return the ``--date`` option of a command that writes pages."""
    return click.option(
        "--date",
        "day",
        type=click.DateTime(["%Y-%m-%d"]),
        help="The day on a page (-o html), for equal pages from equal input; default: today.",
    )


def page_date(day: "datetime | None") -> str:
    """Return the day on a page: the one that was named, or today."""
    from datetime import UTC, datetime

    return (day or datetime.now(tz=UTC)).strftime("%Y-%m-%d")


def text_of(
    kind: str,
    result: object,
    target: Output,
    color: str = "never",
    *,
    day: "datetime | None" = None,
) -> str:
    """Return what :func:`write_result` writes to one output."""
    from relaysim.render.formats import rendered
    from relaysim.render.view import View

    made = rendered(kind, target.format, result)
    if isinstance(made, View) and target.format == "html":
        from relaysim import __version__
        from relaysim.render.report.view_page import view_html

        return view_html(made, kind, f"Made on {page_date(day)} by relaysim {__version__}")
    if isinstance(made, View):
        return _lay_out(made, style_for(target, color))
    if isinstance(made, str):
        return made
    from relaysim.render.answers.jsondoc import dump

    return dump(made)


def write_file(path: str, text: str, *, telling: bool = True) -> None:
    """Write a text file as UTF-8, all of it or nothing; say when an older one was replaced.

    Missing parent folders are made. A symbolic link is written through, and the mode of an older
    file is kept.

    Args:
        path: The file.
        text: What it will hold.
        telling: Say when an older file was replaced, or a folder made.

    Raises:
        InvalidInput: It cannot be written; an older file is then untouched.
    """
    from relaysim.cli.notes import note_written
    from relaysim.writing import PendingFile, unwritable

    pending = None
    try:
        pending = PendingFile(path)
        pending.stream.write(text.encode())
        pending.keep()
    except UnicodeEncodeError:
        raise InvalidInput(
            Problem("cannot be written (half of a surrogate pair in a name)", file=path)
        ) from None
    except (OSError, ValueError) as error:
        raise unwritable(error, path) from None
    finally:
        if pending is not None:
            pending.discard()
    if telling:
        note_written(pending, path)


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns
