"""The page of limits names the bounds that the code has."""

import importlib

import pytest

from tests.console import ROOT
from tests.docs_reading import table_rows

PAGE = (ROOT / "docs/explanation/limits.md").read_text("utf-8")
BOUNDS = {
    "config.source:MAX_BYTES": "512 MB",
    "config.exports:_LARGEST_FILE": "1,024 MB",
    "config.exports:_MOST_FILES": "10,000",
    "config.exports:_LIMITS.members": "10,000",
    "config.exports:_LIMITS.member_bytes": "256 MB",
    "config.exports:_LIMITS.all_bytes": "1,024 MB",
    "config.toml.plain:MOST_PARTS": "100",
    "importers.reading:_LONGEST_LINE": "8 MB",
    "importers.formats.html_export:_LONGEST": "8 MB",
    "importers.assembly.merging:_MOST_COMPARED": "20,000 pairs",
    "importers.formats.clixml_pieces:_LARGEST": "32 MB",
    "importers.formats.clixml_pieces:DEEPEST": "200",
    "importers.formats.clixml:_REPEATED": "200,000",
    "batch.stream:_LONGEST_ROW": "1,048,576 bytes",
    "importers.logs.protocol_log:MAX_LINE": "65,536 bytes",
    "replay.reading.files:_MAX_TEXT": "64 MB",
    "replay.reading.files:_MAX_SUMMARY": "1,024 MB",
    "replay.summary:_FRAGMENTS_KEPT": "500,000",
    "replay.summary:_CLIENTS_KEPT": "4,000,000",
    "smtp.dialogue:LONGEST_LINE": "4,000 bytes",
    "smtp.dialogue:_LONGEST_AUTH_LINE": "12,288 bytes",
    "smtp.paths:LONGEST_PATH": "571 characters",
    "model.impossible:MOST_RANGES": "1,300",
    "powershell.language.lexer:MAX_SCRIPT_CHARACTERS": "8,388,608 characters",
    "powershell.language.lexer:MAX_NESTING": "100",
    "powershell.interpreter.memory_files:_MAX_FILES": "10,000",
    "powershell.interpreter.memory_files:_MAX_TOTAL": "32 MB",
    "powershell.display.screen:_MAX_OUTPUT": "32 MB",
    "cli.shells.shell_start:MAX_FILE": "8 MB",
    "render.weighed.audit_machine:_MOST_RESULTS": "25,000",
    "errors:MOST_EQUAL": "10",
    "errors:MOST_OF_A_KIND": "30",
    "likeness:_LONGEST": "300",
    "errors:_LONGEST_LINE": "900",
    "errors:_LONGEST_NAME": "300 characters",
    "batch.work:_ROOM": "16 MB",
    "engine.compiled.organization:_ROOM": "64 MB",
    "powershell.interpreter.budget:MAX_STEPS": "2,000,000",
    "powershell.interpreter.budget:MAX_SECONDS": "5",
    "powershell.interpreter.budget:MAX_MEMORY": "300",
    "powershell.interpreter.budget:MAX_EQUAL_ERRORS": "100",
    "powershell.interpreter.machine:_MAX_CALLS": "90",
    "powershell.values.conversion:MAX_TEXT": "8,388,608",
}


def value_of(name):
    module, _, path = name.partition(":")
    value = importlib.import_module(f"relaysim.{module}")
    for part in path.split("."):
        value = getattr(value, part)
    return value


@pytest.mark.parametrize("name", BOUNDS)
def test_a_bound_is_the_one_that_the_page_names(name):
    words = BOUNDS[name]
    number, _, unit = words.partition(" ")
    size = int(number.replace(",", "")) << (20 if unit == "MB" else 0)
    assert value_of(name) == size
    bounds = [row[1] for row in table_rows(PAGE)]
    assert any(words in cell.split(", ") or words == cell for cell in bounds), words
