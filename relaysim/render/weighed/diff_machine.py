"""A difference of power for machines: Markdown for a comment, SARIF 2.1.0, JUnit.

Source: GHS.
"""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from relaysim.analysis.compare.change import ChangeKind, PowerChange
from relaysim.errors import printable
from relaysim.render.markdown_text import escaped
from relaysim.render.weighed.diff_view import DiffAnswer, change_words, equal_words, witness_of

__all__ = ["diff_junit", "diff_markdown", "diff_sarif"]

_SHOWN = 20


def _unexpected(answer: DiffAnswer) -> list[PowerChange]:
    return [
        change
        for change in answer.comparison.changes
        if change.kind is ChangeKind.WIDENED and change not in answer.expected
    ]


def diff_markdown(answer: DiffAnswer) -> str:
    """Return Markdown for the comment of a pull request: the verdict, the rest folded away."""
    changes = answer.comparison.changes
    if answer.comparison.equal_power:
        head = _escape(equal_words(answer))
    else:
        counts = {kind: sum(c.kind is kind for c in changes) for kind in ChangeKind}
        head = "power differs: " + ", ".join(
            f"{count} {kind.value}" for kind, count in counts.items() if count
        )
    lines = [f"**relaysim diff: {head}**", ""]
    for kind in ChangeKind:
        mine = [change for change in changes if change.kind is kind]
        if not mine:
            continue
        lines += [f"<details><summary>{len(mine)} {kind.value}</summary>", ""]
        lines += [f"- {_escape(change_words(change, answer))}" for change in mine[:_SHOWN]]
        if len(mine) > _SHOWN:
            lines.append(f"- and {len(mine) - _SHOWN} more")
        lines += ["", "</details>", ""]
    return "\n".join(lines).rstrip() + "\n"


def _escape(text: str) -> str:
    return escaped(text).replace("`", "'").replace("*", "\\*")


def _witness(change: PowerChange, answer: DiffAnswer) -> str:
    return witness_of(change, answer)[1].replace("\n", "; then ")


def diff_sarif(answer: DiffAnswer) -> dict[str, Any]:
    """Return a SARIF 2.1.0 log in which every widening that nobody expected is a result."""
    from urllib.parse import quote

    uri = quote(answer.after.source.replace("\\", "/").replace(":", "-").removeprefix("./"))
    results = []
    for change in _unexpected(answer):
        connector = change.after or ""
        key = f"widened|{connector}|{change.right}|{change.way.auth.value}|{change.way.group or ''}"
        text = change_words(change, answer)
        results.append(
            {
                "ruleId": "widened",
                "ruleIndex": 0,
                "level": "error",
                "message": {"text": printable(f"{text}. {_witness(change, answer)}")},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": uri},
                            "region": {"startLine": 1, "startColumn": 1},
                        }
                    }
                ],
                "partialFingerprints": {"primaryLocationLineHash": printable(key.casefold())},
                "properties": {"security-severity": "8.0"},
            }
        )
    title = "Somebody may do more than before"
    rule = {
        "id": "widened",
        "name": "Widened",
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{title}: from these addresses, on these endpoints."},
        "help": {"text": "Run `relaysim diff` for the ranges; `--allow` expects a widening."},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["security", "exchange"], "security-severity": "8.0"},
    }
    driver = {"name": "relaysim", "version": answer.version, "rules": [rule]}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "results": results}],
    }


def diff_junit(answer: DiffAnswer) -> str:
    """Return JUnit XML: one test case, and one that fails for each unexpected widening."""
    cases = []
    failed = _unexpected(answer)
    for number, change in enumerate(failed, 1):
        text = printable(change_words(change, answer))
        name = quoteattr(f"widened {number}: {change.right}")
        cases.append(
            f'  <testcase classname="widened" name={name}><failure message={quoteattr(text)}>'
            f"{escape(printable(_witness(change, answer)))}</failure></testcase>"
        )
    if not failed:
        cases.append('  <testcase classname="widened" name="nobody may do more"/>')
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            (
                f'<testsuite name="relaysim diff" tests="{len(cases)}" '
                f'failures="{len(failed)}" errors="0">'
            ),
            *cases,
            "</testsuite>",
            "",
        ]
    )
