"""From a syntax tree to the text of a script.

The law: for every tree the parser can build, ``parse_script(format_script(tree)) == tree``.
Strings are always quoted so that they cannot break out, whatever they hold; comments and the
original spelling of numbers and quotes are not part of the tree and are not restored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from relaysim.powershell.language.formatter_expressions import ExpressionWriter
from relaysim.powershell.language.syntax import (
    Assignment,
    Command,
    Discarded,
    DoLoop,
    FlowControl,
    For,
    Foreach,
    Function,
    If,
    ParamBlock,
    ParameterArgument,
    ParameterDeclaration,
    Pipeline,
    ScriptBlock,
    Splat,
    Switch,
    Trap,
    Try,
    While,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relaysim.powershell.language.syntax import Argument, Expression, Statement

__all__ = ["format_script"]

_PAD = "    "


def format_script(tree: ScriptBlock) -> str:
    """Return the canonical text of a script, ending in a line break unless it is empty.

    >>> from relaysim.powershell.parser import parse_script
    >>> print(format_script(parse_script('get-x   -Name:"a b" |ft a,b')), end="")
    get-x -Name:'a b' | ft a, b
    """
    return _Writer().body(tree, 0)


class _Writer(ExpressionWriter):
    def body(self, node: ScriptBlock, indent: int) -> str:
        """Return the inside of a block, every line indented and ended."""
        pad = _PAD * indent
        text = ""
        if node.params is not None:
            text += self._params(node.params, indent)
        if node.begin is None and node.process is None:
            lines = [self.statement(item, indent) for item in node.end or ()]
            return text + "".join(f"{pad}{line}\n" for line in lines)
        named = (("begin", node.begin), ("process", node.process), ("end", node.end))
        for keyword, statements in named:
            if statements is not None:
                text += f"{pad}{keyword} {self._braces(statements, indent)}\n"
        return text

    def block(self, node: ScriptBlock, indent: int) -> str:
        """Return a block between braces."""
        if node.params is None and node.begin is None and node.process is None:
            return self._braces(node.end or (), indent)
        return "{\n" + self.body(node, indent + 1) + _PAD * indent + "}"

    def _braces(self, nodes: tuple[Statement, ...], indent: int) -> str:
        inner = self.statements(nodes, indent)
        if not inner:
            return "{ }"
        return f"{{{inner}}}" if inner.startswith("\n") else f"{{ {inner} }}"

    def statement(self, node: Statement, indent: int) -> str:
        """Return a statement without its indentation."""
        writer: Callable[[_Writer, Any, int], str] = self._STATEMENTS[type(node)]
        text = writer(self, node, indent)
        label = getattr(node, "label", "")
        return f":{label} {text}" if label and not isinstance(node, FlowControl) else text

    def _pipeline(self, node: Pipeline, indent: int) -> str:
        return " | ".join(self._element(element, indent) for element in node.elements)

    def _element(self, node: Expression | Discarded | Command, indent: int) -> str:
        if isinstance(node, Discarded):
            targets = " ".join(f"{'' if one == '1' else one}>$null" for one in node.streams)
            return f"{self.expression(node.expression, indent)} {targets}"
        if not isinstance(node, Command):
            return self.expression(node, indent)
        words = ["." if node.dotted else "&"] if node.called else []
        words.append(self.argument(node.name, indent))
        words += (self._argument(argument, indent) for argument in node.arguments)
        words += (f"{'' if stream == '1' else stream}>$null" for stream in node.silenced)
        words += (f"{stream}>&1" for stream in node.merged)
        return " ".join(words)

    def _argument(self, node: Argument, indent: int) -> str:
        if isinstance(node, Splat):
            return f"@{node.name}"
        if isinstance(node, ParameterArgument):
            value = "" if node.value is None else ":" + self.argument(node.value, indent)
            return f"-{node.name}{value}"
        return self.argument(node, indent)

    def _assignment(self, node: Assignment, indent: int) -> str:
        target = self.expression(node.target, indent)
        return f"{target} {node.operator} {self.statement(node.value, indent)}"

    def _if(self, node: If, indent: int) -> str:
        parts = []
        keyword = "if"
        for condition, body in node.branches:
            parts.append(
                f"{keyword} ({self.statement(condition, indent)}) {self._braces(body, indent)}"
            )
            keyword = "elseif"
        if node.otherwise is not None:
            parts.append(f"else {self._braces(node.otherwise, indent)}")
        return " ".join(parts)

    def _foreach(self, node: Foreach, indent: int) -> str:
        items = self.statement(node.items, indent)
        head = f"foreach ({self.variable(node.variable)} in {items})"
        return f"{head} {self._braces(node.body, indent)}"

    def _while(self, node: While, indent: int) -> str:
        condition = self.statement(node.condition, indent)
        return f"while ({condition}) {self._braces(node.body, indent)}"

    def _do(self, node: DoLoop, indent: int) -> str:
        keyword = "until" if node.until else "while"
        condition = self.statement(node.condition, indent)
        return f"do {self._braces(node.body, indent)} {keyword} ({condition})"

    def _for(self, node: For, indent: int) -> str:
        parts = (node.start, node.condition, node.step)
        head = "; ".join("" if part is None else self.statement(part, indent) for part in parts)
        return f"for ({head}) {self._braces(node.body, indent)}"

    def _switch(self, node: Switch, indent: int) -> str:
        mode = f" -{node.mode}" if node.mode else ""
        mode += " -casesensitive" if node.case_sensitive else ""
        pad = _PAD * (indent + 1)
        clauses = "".join(
            f"{pad}{'default' if test is None else self.argument(test, indent + 1)} "
            f"{self._braces(body, indent + 1)}\n"
            for test, body in node.clauses
        )
        subject = self.statement(node.subject, indent)
        return f"switch{mode} ({subject}) {{\n{clauses}{_PAD * indent}}}"

    def _try(self, node: Try, indent: int) -> str:
        parts = [f"try {self._braces(node.body, indent)}"]
        for caught in node.catches:
            types = ", ".join(f"[{name}]" for name in caught.types)
            parts.append(f"catch {types + ' ' if types else ''}{self._braces(caught.body, indent)}")
        if node.cleanup is not None:
            parts.append(f"finally {self._braces(node.cleanup, indent)}")
        return " ".join(parts)

    def _trap(self, node: Trap, indent: int) -> str:
        types = "".join(f"[{name}] " for name in node.handler.types)
        return f"trap {types}{self._braces(node.handler.body, indent)}"

    def _flow(self, node: FlowControl, indent: int) -> str:
        if node.value is None:
            return f"{node.keyword} {node.label}".rstrip()
        return f"{node.keyword} {self.statement(node.value, indent)}"

    def _function(self, node: Function, indent: int) -> str:
        scope = f"{node.scope}:" if node.scope else ""
        return f"function {scope}{node.name} {self.block(node.body, indent)}"

    def _params(self, node: ParamBlock, indent: int) -> str:
        pad = _PAD * indent
        text = "".join(f"{pad}{self.attribute(item, indent)}\n" for item in node.attributes)
        inner = _PAD * (indent + 1)
        parameters = ",\n".join(
            f"{inner}{self._parameter(item, indent + 1)}" for item in node.parameters
        )
        return text + (f"{pad}param(\n{parameters}\n{pad})\n" if parameters else f"{pad}param()\n")

    def _parameter(self, node: ParameterDeclaration, indent: int) -> str:
        text = "".join(f"{self.attribute(item, indent)} " for item in node.attributes)
        text += f"[{node.type_name}] " if node.type_name is not None else ""
        text += "$" + node.name if node.name.isidentifier() else f"${{{node.name}}}"
        if node.default is not None:
            text += f" = {self.expression(node.default, indent)}"
        return text

    _STATEMENTS: ClassVar[dict[type[Statement], Callable[[Any, Any, int], str]]] = {
        Pipeline: _pipeline,
        Assignment: _assignment,
        If: _if,
        Foreach: _foreach,
        While: _while,
        DoLoop: _do,
        For: _for,
        Switch: _switch,
        Try: _try,
        Trap: _trap,
        FlowControl: _flow,
        Function: _function,
    }
