"""Looking over a parsed script before it runs: everything it names must be known.

A script runs as a whole or not at all. Commands written as plain words, types, static members,
attributes and the variables of the machine are checked here, all of them at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relaysim.errors import InvalidScript, closest
from relaysim.powershell.hosting.alias_names import ALIASES, hidden_function
from relaysim.powershell.hosting.named_types import converter_for
from relaysim.powershell.interpreter.failing.looks import caught_before, refused_patterns
from relaysim.powershell.interpreter.failing.refusals import MACHINE_VARIABLES, is_program, refusal
from relaysim.powershell.interpreter.failing.script_parts import (
    block_text,
    is_script_path,
    refused_script,
    script_named,
)
from relaysim.powershell.interpreter.failing.statics import refused_static
from relaysim.powershell.interpreter.failing.unmade import unmade
from relaysim.powershell.interpreter.later import later_parameter
from relaysim.powershell.interpreter.pipelines import refused_parts
from relaysim.powershell.language.source import ScriptProblem, Source
from relaysim.powershell.language.syntax import (
    Assignment,
    Attribute,
    BareWord,
    Binary,
    Call,
    Cast,
    Command,
    ExpandableString,
    Foreach,
    Function,
    Member,
    ParameterArgument,
    ParameterDeclaration,
    Pipeline,
    StringLiteral,
    Try,
    TypeLiteral,
    Variable,
)
from relaysim.powershell.language.walking import walk
from relaysim.powershell.parser import parse_source
from relaysim.powershell.values.conversion import canonical_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.contract import Registry
    from relaysim.powershell.interpreter.failing.familiar import Familiar
    from relaysim.powershell.language.syntax import ScriptBlock

__all__ = ["check_script"]

MAX_PROBLEMS = 20
"""No more problems than these are listed; the first ones matter."""

_NOT_SENT = "`$using:` belongs to blocks that run on another machine"
_NEVER_PROPERTIES = frozenset({"gettype", "tostring", "gethashcode", "equals"})
_ALIASING = frozenset({"set-alias", "new-alias", "sal", "nal"})
_EVALUATING = frozenset({"invoke-expression", "iex"})
_SENT = frozenset({"invoke-command", "icm", "start-job", "sajb"})


class _Checker:
    def __init__(self, source: Source, registry: Registry, familiar: Familiar) -> None:
        self.source = source
        self.registry = registry
        self.familiar = familiar
        self.environment = {name.casefold() for name in familiar.environment}
        self.functions: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.fed: set[int] = set()
        self.assigned: set[str] = {name.casefold() for name in familiar.variables}
        self.sends = False
        self.given: set[str] = set()
        self.problems: list[ScriptProblem] = []
        self.methods = familiar.methods
        self.parts: list[tuple[int | None, _Checker, list[object]]] = []
        self.texts: set[str] = set()

    def report(
        self, message: str, at: int, hint: str | None = None, *, refused: bool = True
    ) -> None:
        self.problems.append(self.source.problem(message, at, hint=hint, refused=refused))

    def gather(self, nodes: list[object]) -> None:
        for node in nodes:
            if isinstance(node, Function):
                self.functions[node.name.casefold()] = node.name
                self.hidden |= {node.name.casefold()} & ALIASES.keys()
            elif isinstance(node, Command):
                self.sends |= isinstance(node.name, BareWord) and node.name.text.lower() in _SENT
                self.gather_alias(node)
                self.gather_script(node)
            elif isinstance(node, Call) and (text := block_text(node)) is not None:
                self.gather_text(node, text)
            elif isinstance(node, ParameterDeclaration):
                self.assigned.add(node.name.casefold())
            elif isinstance(node, Foreach):
                self.assigned.add(node.variable.name.casefold())
            elif isinstance(node, Assignment):
                target = node.target if isinstance(node.target, Variable) else Variable(name="")
                if target.scope == "env":
                    self.given.add(target.name.casefold())
                elif target.scope == "function":
                    self.functions[target.name.casefold()] = target.name
                self.assigned.update(
                    one.name.casefold() for one in walk(node.target) if isinstance(one, Variable)
                )

    def gather_text(self, node: Command | Call, text: str) -> None:
        """Take up a text that ``Invoke-Expression`` makes a part of the script."""
        part = _Checker(Source(text), self.registry, self.familiar)
        part.functions, part.assigned, part.texts = self.functions, self.assigned, self.texts
        try:
            nodes = list(walk(parse_source(part.source)))
        except InvalidScript as error:
            first = error.problems[0]
            refused = isinstance(first, ScriptProblem) and first.refused
            self.report(f"in this text: {first.message}", node.at, refused=refused)
            return
        part.gather(nodes)
        self.parts.append((node.at, part, nodes))

    def gather_script(self, node: Command) -> None:
        """Take up another script that the script runs; run by a dot its functions stay."""
        path, files = script_named(node), self.familiar.files
        seen = f"{'. ' if node.dotted else ''}{path}".casefold()
        text = files.read(path) if path and files and seen not in self.texts else None
        if path is None or text is None:
            return
        self.texts.add(seen)
        source = Source(text.removeprefix("\ufeff"), file=path)
        part = _Checker(source, self.registry, self.familiar)
        part.texts = self.texts
        self.assigned.add("lastexitcode")
        part.functions = self.functions if node.dotted else dict(self.functions)
        part.assigned = self.assigned if node.dotted else set(self.assigned)
        try:
            nodes = list(walk(parse_source(source)))
        except InvalidScript as error:
            self.problems += [one for one in error.problems if isinstance(one, ScriptProblem)]
            return
        part.gather(nodes)
        self.parts += [(None, part, nodes), *((None, one, inner) for _, one, inner in part.parts)]

    def gather_alias(self, node: Command) -> None:
        """Take up the name that a ``Set-Alias`` of the script makes."""
        name = node.name.text.lower() if isinstance(node.name, BareWord) else ""
        words = [one.value if isinstance(one, ParameterArgument) else one for one in node.arguments]
        if name in _EVALUATING:
            for word in words:
                if isinstance(word, StringLiteral):
                    self.gather_text(node, word.value)
        if name not in _ALIASING:
            return
        for word in words:
            if isinstance(word, BareWord | StringLiteral):
                name = word.text if isinstance(word, BareWord) else word.value
                self.functions[name.casefold()] = name
                return

    def check(self, node: object) -> None:
        if look := _LOOKS.get(type(node)):
            look(self, node)

    def cast(self, node: Cast) -> None:
        if node.type_name.casefold() not in {"ref", "ordered"}:
            self.type_name(node.type_name, node.at)

    def call(self, node: Call) -> None:
        if node.static:
            self.static(node)
        else:
            self.method(node)

    def access(self, node: Member) -> None:
        if node.static:
            self.static(node)
        else:
            self.member(node)

    def parameter(self, node: ParameterDeclaration) -> None:
        short = (node.type_name or "switch").casefold().rpartition(".")[2]
        if node.type_name is not None and short not in {"switch", "switchparameter"}:
            self.type_name(node.type_name, node.at)

    def pipeline(self, node: Pipeline) -> None:
        """Refuse what a pipeline asks for that has no answer here."""
        for message, at, hint in refused_parts(node, [self.name_of(one) for one in node.elements]):
            self.report(message, at, hint)
        self.fed |= {id(one) for one in node.elements[1:]}

    def name_of(self, node: object) -> str:
        """Return the full name of a command, in lower case; empty for what is none."""
        if not isinstance(node, Command) or not isinstance(node.name, BareWord):
            return ""
        cmdlet = None
        if node.name.text.casefold() not in self.functions:
            cmdlet = self.registry.find(node.name.text)
        return "" if cmdlet is None else cmdlet.spec.name.casefold()

    def command(self, node: Command) -> None:
        if not isinstance(node.name, BareWord | StringLiteral):
            return
        name = node.name.text if isinstance(node.name, BareWord) else node.name.value
        if name.casefold() in self.functions:
            if name.casefold() in self.hidden:
                advice = "give the function another name"
                self.report(hidden_function(name), node.at, advice, refused=False)
            return
        cmdlet = self.registry.find(name)
        if cmdlet is not None:
            refused = later_parameter(cmdlet.spec.name, node)
            if refused is None and cmdlet.spec.name.casefold() == "new-object":
                refused = unmade(node, self.is_host_type)
            if refused is None and cmdlet.spec.refuse is not None and id(node) not in self.fed:
                refused = cmdlet.spec.refuse(node)
            if refused is not None:
                self.report(refused, node.at)
            return
        reason = refusal(name)
        if is_script_path(name):
            for message, hint in refused_script(name, self.familiar.files):
                self.report(message, node.at, hint)
            return
        if reason is not None and not (self.familiar.keep_going and is_program(name)):
            self.report(reason, node.at)
            return
        if self.familiar.keep_going:
            return
        suggestion = self.registry.suggestion(name, self.functions.values())
        self.report(
            f"`{name}` is no command that is known here",
            node.at,
            f"did you mean `{suggestion}`?" if suggestion else None,
            # A name much like a known one is a slip, which no PowerShell takes.
            refused=suggestion is None,
        )

    def type_name(self, name: str, at: int) -> None:
        if name.casefold() == "ordered":
            text = "`[ordered]` belongs before `@{ }` and nothing else"
            self.report(text, at, refused=False)
            return
        if canonical_type(name) is not None or self.is_host_type(name):
            return
        self.report(f"the type `{name}` is not part of the subset", at)

    def is_host_type(self, name: str) -> bool:
        """Tell whether a type is the host's, or one of the surroundings."""
        from relaysim.powershell.hosting.static_access import is_host_type

        return converter_for(self.familiar.types, name) is not None or is_host_type(name)

    def static(self, node: Member | Call) -> None:
        for message, hint in refused_static(node, self.familiar):
            self.report(message, node.at, hint)

    def member(self, node: Member) -> None:
        """Refuse a method that is named and not called, and a member without a name."""
        if isinstance(node.name, Variable) and node.name.name.casefold() == "null":
            self.report("a member whose name is `$null` is not part of the subset", node.at)
        if not isinstance(node.name, StringLiteral):
            return
        from relaysim.powershell.members.methods import has_method

        name = node.name.value
        literal = isinstance(node.target, StringLiteral | ExpandableString)
        if name.casefold() in _NEVER_PROPERTIES or (literal and has_method("", name)):
            self.report(
                f"the method `{name}` without its parentheses is not part of the subset", node.at
            )

    def method(self, node: Call) -> None:
        """Refuse the call of a method that .NET has and nothing here."""
        if isinstance(node.name, StringLiteral):
            from relaysim.powershell.hosting.console import HOST_METHODS
            from relaysim.powershell.members.methods import MISSING

            name = node.name.value.lower()
            asks = name in HOST_METHODS and not (name == "readline" and self.reads_files())
            if asks and not self.familiar.answers:
                self.report(
                    f"the method `{node.name.value}` would wait for somebody to answer",
                    node.at,
                    "`--answer` gives the answers, in their order",
                )
            if name in MISSING and name not in self.methods:
                self.report(f"the method `{node.name.value}` is not part of the subset", node.at)

    def reads_files(self) -> bool:
        """Tell whether the script reads files line by line: its `ReadLine` asks nobody."""
        return any(one in self.source.text.casefold() for one in ("streamreader", "opentext"))

    def patterns(self, node: Binary) -> None:
        for error, at in refused_patterns(node):
            self.report(error.message, at, error.hint)

    def caught(self, node: Try) -> None:
        if (found := caught_before(node)) is not None:
            self.report(f"`{found[0]}` is caught already", found[1], refused=False)

    def attribute(self, node: Attribute) -> None:
        from relaysim.powershell.interpreter.binding.parameters import ATTRIBUTES

        if node.name.casefold() not in ATTRIBUTES:
            suggestion = closest(node.name, ATTRIBUTES)
            self.report(
                f"the attribute `{node.name}` is not part of the subset",
                node.at,
                f"did you mean `{suggestion}`?" if suggestion else None,
            )

    def variable(self, node: Variable) -> None:
        folded = node.name.casefold()
        if node.scope == "env":
            if folded not in self.environment and folded not in self.given:
                self.report(
                    f"`$env:{node.name}` would read this machine",
                    node.at,
                    "write the value into the script",
                )
        elif node.scope == "using":
            if not self.sends:
                self.report(_NOT_SENT, node.at, "leave `using:` out", refused=False)
        elif folded in {"foreach", "switch"} and folded not in self.assigned:
            self.report(f"the enumerator `${node.name}` is not part of the subset", node.at)
        elif folded == "lastexitcode" and not self.familiar.keep_going:
            return  # No program runs here: it is null, or what another script left.
        elif folded in MACHINE_VARIABLES and folded not in self.assigned:
            self.report(f"`${node.name}` would read this machine", node.at)


_LOOKS: dict[type, Callable[[_Checker, Any], None]] = {
    Command: _Checker.command,
    Pipeline: _Checker.pipeline,
    Call: _Checker.call,
    Binary: _Checker.patterns,
    TypeLiteral: lambda checker, node: checker.type_name(node.name, node.at),
    Cast: _Checker.cast,
    Member: _Checker.access,
    ParameterDeclaration: _Checker.parameter,
    Attribute: _Checker.attribute,
    Try: _Checker.caught,
    Variable: _Checker.variable,
}
"""What looks at each kind of node; other kinds name nothing."""


def check_script(
    tree: ScriptBlock,
    source: Source,
    *,
    registry: Registry,
    familiar: Familiar,
) -> None:
    """Refuse a script that names something unknown.

    Args:
        tree: The script.
        source: Its text, for the places of the problems.
        registry: The commands.
        familiar: What it may name beside commands.

    Raises:
        InvalidScript: With every problem (the first twenty), in the order of the text.
    """
    checker = _Checker(source, registry, familiar)
    nodes = list(walk(tree))
    checker.gather(nodes)
    for node in nodes:
        checker.check(node)
        if len(checker.problems) >= MAX_PROBLEMS:
            break
    for at, part, inner in checker.parts:
        for node in inner:
            part.check(node)
        for problem in part.problems:
            if at is None:
                checker.problems.append(problem)
                continue
            text = f"in this text: {problem.message.removeprefix('in this text: ')}"
            checker.report(text, at, problem.hint, refused=problem.refused)
    if checker.problems:
        raise InvalidScript(checker.problems)
