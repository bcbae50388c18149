"""The registry of output formats: for each kind of result, what it can be written as.

A command names the kind of its result; which formats there are, and what makes them, is said here
and nowhere else. A function returns a :class:`~relaysim.render.view.View`, which is laid out as
plain text or with Rich, a document, which is dumped as JSON, or text. The reports of ``test`` are
classes, whose objects write file by file; the rows of ``batch`` are written as they are decided.

A new format is one line here and one function.
"""

from collections.abc import Callable
from typing import Any

__all__ = ["FORMATS", "formats_for", "maker_of", "rendered"]

FORMATS: dict[str, dict[str, str]] = {
    "check": {
        "text": "answers.check_answer:check_answer_view",
        "json": "answers.check_answer:check_answer_document",
    },
    "explain": {
        "text": "answers.explanation:explanation_view",
        "json": "answers.explanation:explanation_document",
    },
    "session": {
        "smtp": "answers.session_answer:played_smtp",
        "log": "answers.session_answer:played_log",
        "json": "answers.session_answer:played_document",
    },
    "map": {
        "text": "space.pictured_map:pictured_map_view",
        "json": "space.map_doc:map_document",
        "csv": "space.map_doc:map_csv",
        "html": "space.marks:drawn_map_view",
    },
    "who-can": {
        "text": "space.who_can_view:who_can_view",
        "json": "space.who_can_view:who_can_document",
        "csv": "space.who_can_view:who_can_csv",
    },
    "test": {
        "text": "scenario_report.scenario_text:TextReport",
        "json": "scenario_report.scenario_machine:JsonReport",
        "junit": "scenario_report.junit:JunitReport",
        "github": "scenario_report.scenario_machine:GithubReport",
        "tap": "scenario_report.scenario_machine:TapReport",
    },
    "import": {
        "toml": "weighed.import_view:server_file_text",
        "json": "weighed.import_view:import_document",
    },
    "replay": {
        "text": "weighed.replay_told:told_view",
        "json": "weighed.replay_told:told_document",
        "csv": "weighed.replay_told:told_csv",
        "markdown": "weighed.replay_told:told_markdown",
        "html": "weighed.replay_told:told_view",
        "summary": "weighed.replay_told:told_summary",
    },
    "report": {
        "html": "report.page:report_html",
        "markdown": "report.markdown:report_markdown",
    },
    "audit": {
        "text": "weighed.audit_view:audit_view",
        "json": "weighed.audit_view:audit_document",
        "sarif": "weighed.audit_machine:audit_sarif",
        "junit": "weighed.audit_machine:audit_junit",
        "github": "weighed.audit_machine:audit_github",
        "markdown": "weighed.audit_view:audit_markdown",
        "csv": "weighed.audit_view:audit_csv",
        "html": "weighed.audit_view:audit_view",
    },
    "suggest": {
        "text": "weighed.suggest_view:suggest_view",
        "json": "weighed.suggest_view:suggest_document",
    },
    "reply": {
        "text": "answers.reply_view:reply_view",
        "json": "answers.reply_view:reply_document",
    },
    "diff": {
        "text": "weighed.diff_view:diff_view",
        "json": "weighed.diff_view:diff_document",
        "markdown": "weighed.diff_machine:diff_markdown",
        "html": "weighed.diff_view:diff_view",
        "sarif": "weighed.diff_machine:diff_sarif",
        "junit": "weighed.diff_machine:diff_junit",
    },
}
"""Kind of result to the formats it has, the default one first, and the function of each."""


_ROW_BY_ROW = {"batch": ("csv", "jsonl", "summary")}
"""Results that are written while they are decided, by their own room."""


def formats_for(kind: str) -> tuple[str, ...]:
    """Return the formats of a kind of result, the default one first.

    >>> formats_for("diff")
    ('text', 'json', 'markdown', 'html', 'sarif', 'junit')
    """
    return _ROW_BY_ROW.get(kind) or tuple(FORMATS[kind])


def maker_of(kind: str, name: str) -> Callable[..., Any]:
    """Return what makes a format of a kind of result; only what is needed is loaded."""
    from importlib import import_module

    module, _, function = FORMATS[kind][name].partition(":")
    made: Callable[..., Any] = getattr(import_module(f"relaysim.render.{module}"), function)
    return made


def rendered(kind: str, name: str, result: object) -> Any:  # noqa: ANN401
    """Return a result in a format: a view, a document or text."""
    return maker_of(kind, name)(result)
