"""Reading statements and blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from relaysim.lean import pattern, replace
from relaysim.powershell.language.keywords import MISPLACED_KEYWORDS, REFUSED_KEYWORDS
from relaysim.powershell.language.lexer import DASHES, DOUBLE_QUOTES, SINGLE_QUOTES
from relaysim.powershell.language.syntax import (
    ArrayLiteral,
    Assignment,
    Attributed,
    Cast,
    DoLoop,
    FlowControl,
    For,
    Foreach,
    Function,
    If,
    Index,
    Member,
    Paren,
    Pipeline,
    ScriptBlock,
    Switch,
    Variable,
    While,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relaysim.powershell.language.grammar import Grammar
    from relaysim.powershell.language.lexer import Lexer
    from relaysim.powershell.language.syntax import Expression, Statement

__all__ = ["StatementReader"]

_KEYWORD = pattern(rf"([A-Za-z]+)(?![\w.\\:/*?`$\-{SINGLE_QUOTES}{DOUBLE_QUOTES}])")
_ASSIGNMENT = pattern(rf"[{DASHES}+*/%]?=")
_SWITCH_OPTION = pattern(rf"[{DASHES}]([A-Za-z]+)")
_LABEL = pattern(r":([^\W\d]\w*)")
_GLUED = pattern(rf"[{DASHES}][^\W\d]\w*:\$")
_DEFAULT = pattern(r"default(?![\w.\\:/*?-])", re.IGNORECASE)
_WORD = pattern(r"[^\W\d]\w*")


class StatementReader:
    """Reads statements."""

    def __init__(self, lexer: Lexer, grammar: Grammar) -> None:
        self.lexer = lexer
        self.grammar = grammar

    def parse_script(self) -> ScriptBlock:
        """Read the whole script."""
        block = self._parse_body()
        if not self.lexer.at_end():
            raise self.lexer.unexpected("expected a statement")
        return block

    def parse_statements(self, close: str, construct: str, at: int) -> tuple[Statement, ...]:
        """Read statements up to ``close`` and read ``close``."""
        saved, self.lexer.commas = self.lexer.commas, True
        statements = self._parse_list()
        if close == ")" and self.lexer.at_end():
            opened = self.lexer.source.position(at)
            raise self.lexer.error(
                f"the {construct} opened at line {opened.line}, column {opened.column} "
                "is never closed: `)` is missing",
            )
        self.lexer.expect(close, construct, at)
        self.lexer.commas = saved
        return statements

    def parse_block(self, at: int) -> ScriptBlock:
        """Read the inside of ``{ ... }`` and its closing brace."""
        saved, self.lexer.commas = self.lexer.commas, True
        outer, self.lexer.in_finally = self.lexer.in_finally, False
        block = self._parse_body()
        self.lexer.expect("}", "block", at)
        self.lexer.in_finally = outer
        self.lexer.commas = saved
        return block

    def _parse_list(self) -> tuple[Statement, ...]:
        statements: list[Statement] = []
        self.lexer.skip_separators()
        while self.lexer.text[self.lexer.pos] not in ")}" and self.lexer.pos < self.lexer.end:
            statements.append(self.parse_statement())
            self.lexer.skip()
            if self.lexer.text[self.lexer.pos] not in "\r\n;)}":
                if isinstance(statements[-1], Pipeline | Assignment | FlowControl):
                    raise self.lexer.unexpected("expected the end of the statement")
                continue
            self.lexer.skip_separators()
        return tuple(statements)

    def _parse_body(self) -> ScriptBlock:
        at = self.lexer.pos
        params = self.grammar.parse_param_block()
        self.lexer.skip_separators()
        blocks: dict[str, tuple[Statement, ...]] = {}
        while True:
            match = _KEYWORD.match(self.lexer.text, self.lexer.pos)
            keyword = "" if match is None else match.group(1).lower()
            if match is None or keyword not in {"begin", "process", "end"}:
                break
            if keyword in blocks:
                raise self.lexer.error(f"a second `{keyword}` block")
            self.lexer.pos = match.end()
            blocks[keyword] = self.parse_braces(f"`{keyword}` block")
            self.lexer.skip_separators()
        if not blocks:
            return ScriptBlock(params=params, end=self._parse_list(), at=at)
        if self.lexer.text[self.lexer.pos] != "}" and not self.lexer.at_end():
            raise self.lexer.unexpected("expected only `begin`, `process` and `end` blocks here")
        return ScriptBlock(params=params, at=at, **blocks)

    def parse_braces(self, construct: str) -> tuple[Statement, ...]:
        """Read the statements of a block in braces."""
        self.lexer.skip_lines()
        at = self.lexer.pos
        if self.lexer.text[at] != "{":
            raise self.lexer.unexpected(f"expected `{{` for the {construct}")
        self.lexer.enter()
        self.lexer.pos += 1
        statements = self.parse_statements("}", construct, at)
        self.lexer.depth -= 1
        return statements

    def parse_statement(self) -> Statement:
        """Read one statement; the current character begins it."""
        match = _KEYWORD.match(self.lexer.text, self.lexer.pos)
        if match is not None:
            keyword = match.group(1).lower()
            reader = self._READERS.get(keyword)
            if reader is not None:
                at = self.lexer.pos
                self.lexer.pos = match.end()
                return reader(self, at)
            if keyword in REFUSED_KEYWORDS:
                raise self.lexer.error(
                    REFUSED_KEYWORDS[keyword], refused=keyword not in MISPLACED_KEYWORDS
                )
        elif label := _LABEL.match(self.lexer.text, self.lexer.pos):
            return self._parse_labelled(label)
        return self.parse_inner_pipeline()

    def _parse_labelled(self, label: re.Match[str]) -> Statement:
        at = self.lexer.pos
        self.lexer.pos = label.end()
        self.lexer.skip_lines()
        loop = self.parse_statement()
        if not isinstance(loop, For | Foreach | While | DoLoop | Switch):
            raise self.lexer.error("a label belongs before a loop or a `switch`", at)
        return replace(loop, label=label.group(1))

    def parse_inner_pipeline(self) -> Pipeline | Assignment:
        """Read a pipeline, or an assignment when one follows."""
        at = self.lexer.pos
        pipeline = self.grammar.parse_pipeline()
        match = _ASSIGNMENT.match(self.lexer.text, self.lexer.pos)
        if match is None:
            return pipeline
        target = pipeline.elements[0]
        if len(pipeline.elements) > 1 or not self._assignable(target):
            raise self.lexer.error("only a variable, a property or an index can be assigned to", at)
        operator = match.group()
        self.lexer.pos = match.end()
        self.lexer.skip_lines()
        if self.lexer.at_end():
            raise self.lexer.error("an assignment without a value")
        self.lexer.enter()
        value = self.parse_statement()
        self.lexer.depth -= 1
        sign = operator if operator[0] not in DASHES else "-="
        return Assignment(
            target=target,  # type: ignore[arg-type]
            operator=sign,
            value=value,
            at=self.lexer.place(at),
        )

    def _assignable(self, target: object) -> bool:
        while isinstance(target, Cast | Attributed):
            target = target.operand
        if isinstance(target, Paren) and isinstance(target.inner, Pipeline):
            inner = target.inner.elements
            return len(inner) == 1 and self._assignable(inner[0])
        if isinstance(target, ArrayLiteral):
            return all(self._assignable(item) for item in target.items)
        return isinstance(target, Variable | Index | Member)

    def _condition(self, construct: str) -> Pipeline | Assignment:
        self.lexer.skip_lines()
        at = self.lexer.pos
        if self.lexer.text[at] != "(":
            raise self.lexer.unexpected(f"expected `(` after `{construct}`")
        self.lexer.enter()
        self.lexer.pos += 1
        self.lexer.skip_lines()
        self.lexer.require_more(f"condition of `{construct}`", at)
        condition = self.parse_inner_pipeline()
        self.lexer.skip_lines()
        self.lexer.expect(")", f"condition of `{construct}`", at)
        self.lexer.depth -= 1
        return condition

    def follows(self, keyword: str) -> bool:
        """Read ``keyword`` if it comes next, across line breaks."""
        before = self.lexer.pos
        self.lexer.skip_lines()
        match = _KEYWORD.match(self.lexer.text, self.lexer.pos)
        if match is not None and match.group(1).lower() == keyword:
            self.lexer.pos = match.end()
            return True
        self.lexer.pos = before
        return False

    def _parse_if(self, at: int) -> If:
        branches = [(self._condition("if"), self.parse_braces("`if`"))]
        while self.follows("elseif"):
            branches.append((self._condition("elseif"), self.parse_braces("`elseif`")))
        otherwise = self.parse_braces("`else`") if self.follows("else") else None
        return If(branches=tuple(branches), otherwise=otherwise, at=at)

    def _parse_foreach(self, at: int) -> Statement:
        self.lexer.skip_lines()
        if self.lexer.text[self.lexer.pos] != "(":
            raise self.lexer.unexpected("expected `(` after `foreach`")
        opened = self.lexer.pos
        self.lexer.enter()
        self.lexer.pos += 1
        self.lexer.skip_lines()
        variable = self.grammar.parse_variable() if self.lexer.text[self.lexer.pos] == "$" else None
        if variable is None:
            raise self.lexer.unexpected("expected a variable after `foreach (`")
        if not self.follows("in"):
            self.lexer.skip_lines()
            raise self.lexer.unexpected("expected `in`")
        self.lexer.skip_lines()
        items = self.parse_inner_pipeline()
        self.lexer.skip_lines()
        self.lexer.expect(")", "list of `foreach`", opened)
        self.lexer.depth -= 1
        return Foreach(variable=variable, items=items, body=self.parse_braces("`foreach`"), at=at)

    def _parse_while(self, at: int) -> While:
        return While(condition=self._condition("while"), body=self.parse_braces("`while`"), at=at)

    def _parse_do(self, at: int) -> DoLoop:
        body = self.parse_braces("`do`")
        until = self.follows("until")
        if not until and not self.follows("while"):
            self.lexer.skip_lines()
            raise self.lexer.unexpected("expected `while` or `until` after the block of `do`")
        condition = self._condition("until" if until else "while")
        return DoLoop(body=body, condition=condition, until=until, at=at)

    def _parse_for(self, at: int) -> For:
        self.lexer.skip_lines()
        opened = self.lexer.pos
        if self.lexer.text[opened] != "(":
            raise self.lexer.unexpected("expected `(` after `for`")
        self.lexer.enter()
        self.lexer.pos += 1
        parts: list[Pipeline | Assignment | None] = []
        for last in (False, False, True):
            self.lexer.skip_lines()
            parts.append(
                None if self.lexer.text[self.lexer.pos] in ";)" else self.parse_inner_pipeline()
            )
            self.lexer.skip_lines()
            if not last and self.lexer.text[self.lexer.pos] == ";":
                self.lexer.pos += 1
        self.lexer.expect(")", "head of `for`", opened)
        self.lexer.depth -= 1
        body = self.parse_braces("`for`")
        return For(start=parts[0], condition=parts[1], step=parts[2], body=body, at=at)

    def _parse_switch(self, at: int) -> Switch:
        mode = ""
        case = False
        self.lexer.skip_lines()
        while (option := _SWITCH_OPTION.match(self.lexer.text, self.lexer.pos)) is not None:
            word = option.group(1).lower()
            names = [
                name
                for name in ("wildcard", "regex", "exact", "casesensitive")
                if name.startswith(word)
            ]
            if len(names) != 1:
                raise self.lexer.error(
                    f"`switch {option.group()}` is not part of the subset", refused=True
                )
            case = case or names[0] == "casesensitive"
            mode = {"exact": "", "casesensitive": mode}.get(names[0], names[0])
            self.lexer.pos = option.end()
            self.lexer.skip_lines()
        subject = self._condition("switch")
        self.lexer.skip_lines()
        opened = self.lexer.pos
        if self.lexer.text[opened] != "{":
            raise self.lexer.unexpected("expected `{` for the clauses of `switch`")
        self.lexer.enter()
        self.lexer.pos += 1
        clauses: list[tuple[Expression | None, tuple[Statement, ...]]] = []
        self.lexer.skip_separators()
        while self.lexer.text[self.lexer.pos] != "}" and not self.lexer.at_end():
            test: Expression | None = None
            word = _DEFAULT.match(self.lexer.text, self.lexer.pos)
            if word is not None:
                if any(known is None for known, _ in clauses):
                    raise self.lexer.error("a `switch` with two `default` clauses")
                self.lexer.pos = word.end()
            else:
                if _GLUED.match(self.lexer.text, self.lexer.pos):
                    raise self.lexer.error("a value glued to a parameter is no clause")
                test = self.grammar.parse_argument_item()
            clauses.append((test, self.parse_braces("clause of `switch`")))
            self.lexer.skip_separators()
        if not clauses and not self.lexer.at_end():
            raise self.lexer.error("a `switch` without clauses")
        self.lexer.expect("}", "`switch`", opened)
        self.lexer.depth -= 1
        return Switch(
            mode=mode, case_sensitive=case, subject=subject, clauses=tuple(clauses), at=at
        )

    def _parse_try(self, at: int) -> Statement:
        return self.grammar.parse_try(at)

    def _parse_trap(self, at: int) -> Statement:
        return self.grammar.parse_trap(at)

    def _parse_flow(self, at: int) -> FlowControl:
        keyword = self.lexer.text[at : self.lexer.pos].lower()
        if keyword == "return" and self.lexer.in_finally:
            raise self.lexer.error("`return` cannot leave a `finally` block", at)
        self.lexer.skip()
        value: Pipeline | Assignment | None = None
        if self.lexer.text[self.lexer.pos] not in "\r\n;)}":
            label = _WORD.match(self.lexer.text, self.lexer.pos)
            if keyword in {"break", "continue"} and label is not None:
                self.lexer.pos = label.end()
                return FlowControl(keyword=keyword, label=label.group(), at=at)
            if keyword in {"break", "continue"}:
                raise self.lexer.error("a computed label is not part of the subset", refused=True)
            self.lexer.enter()
            value = self.parse_inner_pipeline()
            self.lexer.depth -= 1
        return FlowControl(keyword=keyword, value=value, at=self.lexer.place(at))

    def _parse_function(self, at: int) -> Function:
        return self.grammar.parse_function(at)

    _READERS: ClassVar[dict[str, Callable[[Any, int], Statement]]] = {
        "if": _parse_if,
        "foreach": _parse_foreach,
        "while": _parse_while,
        "do": _parse_do,
        "for": _parse_for,
        "switch": _parse_switch,
        "try": _parse_try,
        "trap": _parse_trap,
        "function": _parse_function,
        "filter": _parse_function,
        "return": _parse_flow,
        "exit": _parse_flow,
        "throw": _parse_flow,
        "break": _parse_flow,
        "continue": _parse_flow,
    }
