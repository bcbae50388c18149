"""Hold a recorded script of a real PowerShell against what the language here does with it."""

import collections
import json
from pathlib import Path

from relaysim.errors import RelaysimError
from relaysim.powershell.parser import parse_script
from relaysim.powershell.runner import Session

FOLDER = Path(__file__).parent.parent / "data" / "powershell"
VERDICTS = ("agrees", "refused", "differs", "noted")
RUNTIME = {"commandnotfoundexception": "command", "dividebyzero": "runtime"}
BINDING = (
    "missingmandatory", "parameterargument", "cannotconvertargument", "namedparameter",
    "positionalparameter", "ambiguousparameter", "missingargument", "parameteralreadybound",
    "inputobjectnotbound", "invalidargument",
)  # fmt: skip


def recorded(name):
    """Return the rows of a file of recordings."""
    with (FOLDER / f"{name}.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def expected(row):
    """Return what Windows PowerShell does: the recording, but where it is known to differ."""
    want = {name: row.get(name) for name in ("printed", "errors", "parse_errors", "exit")}
    note = row.get("windows_powershell")
    if isinstance(note, dict):
        if "printed" in note or "errors" in note:
            want["parse_errors"] = None
        if note.get("parse_errors"):
            want.update(printed=[], errors=[])
        want.update({name: note[name] for name in want if name in note})
    return want


def kind(identity, message="", category=""):
    """Return the kind of an error: ids that mean the same have the same."""
    first = identity.partition(",")[0]
    word = (first if " " in first else first.rpartition(".")[2]).casefold()
    if word.startswith(BINDING):
        return "binding"
    if word.startswith(("invalidcast", "convertto")):
        return "cast"
    if word in {"writeerror", "writeerrorexception"}:
        return "written"
    if word == "indexoutofrangeexception":
        return "index"
    if identity == message or category == "OperationStopped":
        return "thrown"
    return RUNTIME.get(word, word)


def lines(text):
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def screen(printed):
    """Return what a console shows, and the warnings."""
    shown, warnings = [], []
    for stream, text in printed or ():
        if stream == "out":
            shown.append(text)
        elif stream == "warning":
            warnings += text.removesuffix("\n").split("\n")
        elif stream in {"verbose", "debug"}:
            parts = text.removesuffix("\n").split("\n")
            shown += [f"{stream.upper()}: {part}\n" for part in parts]
    return "".join(shown), [warning.rstrip() for warning in warnings]


def run(row):
    """Return the result of a row's script; raises what refuses it."""
    if row.get("parse"):
        parse_script(row["script"])
        return None

    def reader(path):
        name = path.replace("\\", "/").rpartition("/")[2]
        if name not in row["files"]:
            raise FileNotFoundError(path)
        return row["files"][name]

    session = Session(
        state=None,
        cmdlets=(),
        reader=reader if row.get("files") else None,
        width=row.get("width"),
        arguments=row.get("args") or (),
        answers=row.get("answers"),
    )
    if row.get("before"):
        session.run(row["before"])
    return session.run(row["script"])


def verdict(row):
    """Return one of ``VERDICTS`` for a row."""
    want = expected(row)
    unlike = "noted" if isinstance(row.get("windows_powershell"), str) else "differs"
    try:
        got = run(row)
    except RelaysimError as error:
        if not want["parse_errors"]:
            return "refused"
        # What the subset does not have is told beside what PowerShell objects to.
        told = {getattr(one, "line", None) for one in getattr(error, "problems", ())}
        return (
            "differs" if told.isdisjoint(one["line"] for one in want["parse_errors"]) else "agrees"
        )
    if want["parse_errors"]:
        return unlike
    if got is None:
        return "agrees"
    text, warnings = screen(want["printed"])
    own = [line.rstrip() for warning in got.warnings for line in warning.split("\n")]
    theirs = [
        (one.get("line") or 0, kind(one["id"], one["message"], one.get("category")))
        for one in want["errors"] or ()
    ]
    ours = [
        (one.position.line if one.position else 0, kind(one.id, one.message, one.category))
        for one in got.errors
    ]
    same_errors = len(theirs) == len(ours) and all(
        (not one[0] or one[0] == two[0]) and one[1] == two[1]
        for one, two in zip(theirs, ours, strict=True)
    )
    same = (
        lines(text) == lines(got.output)
        and warnings == own
        and same_errors
        and (want["exit"] or 0) == (got.exit_code or 0)
    )
    return "agrees" if same else unlike


def table(rows):
    """Return the verdicts of rows, counted by category and in all."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for row in rows:
        found = verdict(row)
        counts[row.get("category", "-")][found] += 1
        counts["all"][found] += 1
    return counts
