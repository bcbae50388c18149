"""The composed exports of the evidence, where they are at hand: structure, remarks and answers."""

import os
from pathlib import Path

import pytest

from tests.importers.scoring import (
    document_faults,
    has_words,
    missing_warnings,
    question_faults,
    run_case,
)

EVIDENCE = os.environ.get("RELAYSIM_EVIDENCE")
pytestmark = pytest.mark.skipif(EVIDENCE is None, reason="RELAYSIM_EVIDENCE is not set")
CASES = sorted(Path(EVIDENCE, "imports").glob("*/expect.json")) if EVIDENCE else []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_an_export_is_read_as_any_correct_reader_reads_it(path, monkeypatch):
    case, imported, document, error = run_case(path.parent, monkeypatch)
    if case["result"] == "refused" or imported is None:
        accepted = [case["error"]["about"]] if case["result"] == "refused" else []
        accepted += [case["accept_refusal"]] if "accept_refusal" in case else []
        if imported is not None and "accept_ok" in case:
            assert not list(document_faults(case | case["accept_ok"], document))
            return
        assert imported is None, "it is to be refused"
        assert any(has_words(error, words) for words in accepted), error
        if case["result"] == "refused":
            assert case["error"]["file"] in error
        return
    assert not list(document_faults(case, document))
    assert not list(question_faults(case, imported))


@pytest.mark.parametrize(
    "path", [p for p in CASES if '"without_options"' in p.read_text("utf-8")], ids=str
)
def test_a_text_of_another_encoding_is_refused_with_the_option_that_reads_it(path, monkeypatch):
    import json

    from relaysim.config.exports import import_paths
    from relaysim.errors import InvalidInput
    from relaysim.render.weighed.import_view import import_document

    case = json.loads(path.read_text("utf-8"))
    monkeypatch.chdir(path.parent)
    warnings = case["without_options"]["warnings"]
    try:
        imported = import_paths(case["inputs"])
    except InvalidInput as error:
        lines = "\n".join(line for problem in error.problems for line in problem.lines())
        assert any(has_words(lines, warning["words"]) for warning in warnings), lines
        return
    faults = list(missing_warnings(json.loads(import_document(imported)), warnings))
    assert len(faults) < len(warnings), faults
