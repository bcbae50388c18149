"""The registry of output formats: for each kind of result, what it can be written as.

A command names the kind of its result; which formats there are, and what makes them, is said here
and nowhere else. A function returns a :class:`~relaysim.render.view.View`, which is laid out as
plain text or with Rich, a document, which is dumped as JSON, or text.

A new format is one line here and one function.
"""

from typing import Any

__all__ = ["FORMATS", "formats_for", "rendered"]

FORMATS: dict[str, dict[str, str]] = {
    "audit": {
        "text": "weighed.audit_view:audit_view",
        "json": "weighed.audit_view:audit_document",
        "sarif": "weighed.audit_machine:audit_sarif",
        "junit": "weighed.audit_machine:audit_junit",
        "github": "weighed.audit_machine:audit_github",
        "markdown": "weighed.audit_view:audit_markdown",
        "csv": "weighed.audit_view:audit_csv",
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
        "sarif": "weighed.diff_machine:diff_sarif",
        "junit": "weighed.diff_machine:diff_junit",
    },
}
"""Kind of result to the formats it has, the default one first, and the function of each."""


def formats_for(kind: str) -> tuple[str, ...]:
    """Return the formats of a kind of result, the default one first.

    >>> formats_for("diff")
    ('text', 'json', 'markdown', 'sarif', 'junit')
    """
    return tuple(FORMATS[kind])


def rendered(kind: str, name: str, result: object) -> Any:  # noqa: ANN401
    """Return a result in a format: a view, a document or text; only what is needed is loaded."""
    from importlib import import_module

    module, _, function = FORMATS[kind][name].partition(":")
    return getattr(import_module(f"relaysim.render.{module}"), function)(result)
