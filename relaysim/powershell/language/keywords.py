"""The keywords that begin no statement here, with the reason."""

from __future__ import annotations

__all__ = ["MISPLACED_KEYWORDS", "REFUSED_KEYWORDS"]

REFUSED_KEYWORDS = {
    "begin": "a `begin` block belongs at the start of a function",
    "catch": "`catch` without a `try` before it",
    "class": "classes are not part of the subset",
    "clean": "a `clean` block is not part of Windows PowerShell",
    "configuration": "DSC configurations are not part of the subset",
    "data": "`data` sections are not part of the subset",
    "dynamicparam": "`dynamicparam` is not part of the subset",
    "else": "`else` without an `if` before it",
    "elseif": "`elseif` without an `if` before it",
    "end": "an `end` block belongs at the start of a function",
    "enum": "enumerations are not part of the subset",
    "finally": "`finally` without a `try` before it",
    "inlinescript": "workflows are not part of the subset",
    "parallel": "workflows are not part of the subset",
    "param": "`param` must come before every other statement of its block",
    "process": "a `process` block belongs at the start of a function",
    "sequence": "workflows are not part of the subset",
    "using": "`using` is not part of the subset",
    "workflow": "workflows are not part of the subset",
}
MISPLACED_KEYWORDS = frozenset(
    {"begin", "catch", "clean", "else", "elseif", "end", "finally", "param", "process"}
)
"""Those of them that Windows PowerShell does not take here either."""
