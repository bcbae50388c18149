"""Ask a real PowerShell what programs do, many in one process, and compare.

The recorder stands beside ``pwsh``; its host writes down what they print.
"""

import contextlib
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from unittest import mock

import pytest

from relaysim.errors import RelaysimError
from relaysim.powershell.values import comparison
from relaysim.powershell.values.collation import collation_key
from tests.powershell.comparing import lines, run, screen, verdict
from tests.powershell.programs import program
from tests.powershell.real import PWSH

__all__ = ["RECORDER", "disagreements", "needs_recorder"]

RECORDER = Path(PWSH).resolve().parent / "record" if PWSH else Path()
ASKER = Path(__file__).parent.parent / "data" / "powershell" / "ask-many.ps1"
PLACE = {"LANG": "en_US.UTF-8", "TZ": "UTC", "POWERSHELL_TELEMETRY_OPTOUT": "1"}
needs_recorder = pytest.mark.skipif(
    not PWSH or not RECORDER.is_file(),
    reason="needs a recorder beside a real PowerShell: RELAYSIM_PWSH",
)
BEFORE = "$global:FormatEnumerationLimit = 16"
"""As the Management Shell has it."""

WORDS = (
    (re.compile(r"(correct format)\. Failure to parse near offset \d+\.[^.]*\."), r"\1."),
    (re.compile(r"The input string '.*?' was not in a"), "Input string was not in a"),
    (re.compile(r"The string '.*?' was not recogn"), "The string was not recogn"),
    (re.compile(r"(too short or too long\.) \(Parameter 'input'\)"), r"\1"),
    (re.compile("…"), "..."),
)
"""What .NET Framework says, for what .NET says."""

ONLY_LATER = re.compile(
    r"IsIPv6UniqueLocal|ReadOnlySpan|Version=(?:7|10)\.|StandardDeviation|Microsecond|ValueSpan|"
    r"Variant (?:: |Version)|\nScale\n|@\{Scale=|"
    r"Scale : \d|Key   : [^\n]*\nValue : [^\n]*\nName  : |op_(?:Multiply|Division)"
)
"""Members that Windows PowerShell does not have, or shows in another order."""

ESCAPED = re.compile(r"\\u00(?:3c|3e|26|27)")
"""What Windows PowerShell escapes in JSON, and later versions do not."""

ONLY_BEFORE = re.compile("startIndex must be less than length of string")
"""What .NET Framework objects to and .NET does not: `'abc'.Remove(3)`."""

COUNTED = re.compile("property '(?:Count|Length)' cannot be found")
"""What strict mode says of an object made of properties, which counts as one only from 6.1 on."""

WHOLE = re.compile(r"\d\.0(?=[]},\n])")
"""Whole numbers that are reals in JSON: Windows PowerShell writes no fraction."""

ONE_ARRAY = re.compile(r"ConvertTo-Json[^\n]*\| *ConvertFrom-Json")
"""What may read an array from JSON: Windows PowerShell passes it on as one object."""

OTHERWISE = re.compile(
    r"\{\d(?:,-?\d+)?:[NF]\d?\}.*\.\d*5\b|\.\d*5\)\.ToString\('N1'\)|\.Split\('[^']{2,}'\)"
)
"""Splitting at a text, which 5.1 takes for its characters; halves in whole digits, which .NET
Framework rounds away from zero."""


ENTRY = re.compile(r"\[([^\[\],]+), [^\[\]]*\]")
"""An entry of a hashtable, of which Windows PowerShell shows the key in a cell, else the type."""

REAL = re.compile(r"^(-?[\d.]+(?:e[+-]?\d+)?)d?$", re.IGNORECASE)


def _asked(rows, seconds):
    """Return the rows with what PowerShell did; several processes share them."""
    known = {row["id"]: row for row in rows}
    share = os.cpu_count() or 1
    with contextlib.ExitStack() as stack:
        asked = []
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for first in range(share):
            scripts, answers = folder / f"{first}.in", folder / f"{first}.out"
            lines = [json.dumps(row) + "\n" for row in rows[first::share]]
            scripts.write_text("".join(lines), "utf-8")
            command = [PWSH, "-NoProfile", "-NonInteractive", "-File"]
            command += map(str, (ASKER, scripts, answers))
            process = subprocess.Popen(command, env={**os.environ, **PLACE})
            asked.append((stack.enter_context(process), answers))
        found: list[dict[str, object]] = []
        for process, answers in asked:
            assert process.wait(seconds) == 0
            found += map(json.loads, answers.read_text("utf-8").splitlines())
    return [{**known[answer["id"]], **answer} for answer in found]


def _translated(row):
    """Return a row with .NET Framework's words."""
    printed = []
    for stream, text in row.get("printed") or ():
        shown = text
        for pattern, word in WORDS:
            shown = pattern.sub(word, shown)
        printed.append([stream, shown])
    return {**row, "printed": printed}


def _same_reals(row):
    """Tell whether only reals in tables differ: PowerShell 7.3 shows three decimals."""
    theirs, ours = (
        [REAL.sub(lambda one: f"{float(one.group(1)):.3f}", word) for word in text.split()]
        for text in (screen(row["printed"])[0], run(row).output)
    )
    if len(run(row).errors) != len(row.get("errors") or ()):
        return False
    return re.search(r"\.\d{3}\b", " ".join(theirs)) is not None and [
        word for word in theirs if word.strip("-")
    ] == [word for word in ours if word.strip("-")]


def _same_entries(row):
    """Tell whether only entries of hashtables differ, which Windows PowerShell shows otherwise."""
    theirs, ours = screen(row["printed"])[0], run(row)
    if not ENTRY.search(theirs) or len(ours.errors) != len(row.get("errors") or ()):
        return False
    of_type = "System.Collections.DictionaryEntry"
    known = ENTRY.sub(of_type if of_type in ours.output else r"\1", theirs)
    words = [[one for one in text.split() if one.strip("-")] for text in (known, ours.output)]
    return words[0] == words[1]


def _later_key(text, *, case):
    return collation_key(text.replace("-", "\u2010").replace("'", "\u2019"), case=case)


def _by_later_order(row):
    """Tell whether it agrees where hyphens count when texts are compared, as from 6 on."""
    with mock.patch.object(comparison, "collation_key", _later_key):
        return verdict(row) == "agrees"


def _end_is_lost(row):
    """Tell whether PowerShell's output is the beginning of ours and an error ended the script.

    The recorder does not show what the formatter held back when a script is ended.
    """
    errors = row.get("errors") or []
    if not errors or not errors[-1].get("terminating"):
        return False
    theirs, ours = lines(screen(row["printed"])[0]), run(row)
    # A script that went on where PowerShell ended differs by more than a lost end.
    return ours.terminated and lines(ours.output)[: len(theirs)] == theirs


def _before(row):
    """Tell whether what we say is only said by .NET Framework and Windows PowerShell."""
    result = run(row)
    escaped = "ConvertTo-Json" in row["script"] and ESCAPED.search(result.output)
    counted = any(
        error.id == "PropertyNotFoundStrict" and COUNTED.search(error.message)
        for error in result.errors
    )
    return escaped or counted or any(ONLY_BEFORE.search(one.message) for one in result.errors)


def _misses(row):
    """Tell whether `Measure-Object` found a property nowhere, which only 5.1 reports."""
    if "Measure-Object" not in row["script"]:
        return False
    asked = row["script"] + "\n'@@'; $error | ForEach-Object FullyQualifiedErrorId"
    told = run({**row, "script": asked}).output.rpartition("@@")[2]
    return "MeasurePropertyNotFound" in told


def _known(row):
    """Tell whether a row differs for a reason that is known."""
    try:
        ways = (_end_is_lost, _before, _misses, _same_reals, _same_entries, _by_later_order)
        return any(way(row) for way in ways)
    except (RelaysimError, ValueError):
        return False


def disagreements(seeds, *, seconds):
    """Return how many programs were compared, and those that differ.

    Args:
        seeds: The seeds of the programs.
        seconds: How long the recorders may take.
    """
    rows = [
        {"id": str(seed), "script": program(seed), "before": BEFORE, "width": 120} for seed in seeds
    ]
    compared, wrong = 0, []
    for answer in _asked(rows, seconds):
        row = _translated(answer)
        shown = screen(row["printed"])[0]
        whole = "ConvertTo-Json" in row["script"] and WHOLE.search(shown)
        later = ONLY_LATER.search(shown)
        later = later or OTHERWISE.search(row["script"]) or ONE_ARRAY.search(row["script"])
        if row.get("timeout") or later or whole:
            continue
        compared += 1
        if verdict(row) == "differs" and not _known(row):
            wrong.append(row)
    # Numbers to which one program gave members have them in the next: those are asked alone.
    alone = [_translated(_asked([row], seconds)[0]) for row in wrong]
    return compared, [row for row in alone if verdict(row) == "differs" and not _known(row)]
