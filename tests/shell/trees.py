"""Hypothesis strategies for the syntax trees the parser can build."""

import re

from hypothesis import strategies as st

from relaysim.powershell.language.lexer import is_plain_word
from relaysim.powershell.language.operator_names import LEVELS, UNARY_WORDS
from relaysim.powershell.language.syntax import (
    ArrayExpression,
    ArrayLiteral,
    Assignment,
    Attribute,
    BareWord,
    Binary,
    Call,
    Cast,
    Catch,
    Command,
    Discarded,
    DoLoop,
    ExpandableString,
    FlowControl,
    For,
    Foreach,
    Function,
    HashLiteral,
    If,
    Increment,
    Index,
    Member,
    NumberLiteral,
    ParamBlock,
    ParameterArgument,
    ParameterDeclaration,
    Paren,
    Pipeline,
    ScriptBlock,
    ScriptBlockLiteral,
    Splat,
    StringLiteral,
    SubExpression,
    Switch,
    Try,
    TypeLiteral,
    Unary,
    Variable,
    While,
)
from relaysim.powershell.values.numeric import number_of

NASTY = "'\"`$(){}[]@#%&|;,<>\\/=+-*!?.:~^_ \t\r\n\0\x1b‘’‚‛“”„‟–—―\u0085\u00a0\ufeffé日🙂aAzZ09"
KEYWORDS = [
    "begin",
    "break",
    "catch",
    "class",
    "clean",
    "configuration",
    "continue",
    "data",
    "do",
    "dynamicparam",
    "else",
    "elseif",
    "end",
    "enum",
    "exit",
    "filter",
    "finally",
    "for",
    "foreach",
    "function",
    "if",
    "inlinescript",
    "parallel",
    "param",
    "process",
    "return",
    "sequence",
    "switch",
    "throw",
    "trap",
    "try",
    "using",
    "while",
    "workflow",
]

texts = st.text(alphabet=st.one_of(st.sampled_from(NASTY), st.characters()), max_size=8)
identifiers = st.from_regex(re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,6}", re.ASCII), fullmatch=True)
words = st.one_of(
    st.sampled_from(["[::]:25", "25MB", "00:15:00", "10.0.0.0/24", "C:\\x", "*", "a=b", "-5", "%"]),
    st.text(alphabet=NASTY, min_size=1, max_size=6),
).filter(is_plain_word)
type_names = st.sampled_from(["string", "int[]", "System.Collections.Generic.List[string]", "Foo"])

strings = texts.map(lambda value: StringLiteral(value=value))
numbers = st.one_of(
    st.integers(0, (1 << 63) - 1),
    st.floats(0, allow_nan=False, allow_infinity=False, width=32),
).map(lambda value: NumberLiteral(value=value))


@st.composite
def variable_nodes(draw):
    scope = draw(st.sampled_from(["", "", "", "script", "global", "env"]))
    name = draw(
        st.one_of(
            identifiers,
            st.text(alphabet=NASTY, min_size=1, max_size=5).filter(
                lambda text: ":" not in text and "\r" not in text and "\n" not in text
            ),
        )
    )
    return Variable(name=name, scope=scope)


variables = variable_nodes()


def blocks_of(statements):
    return st.lists(statements, max_size=2).map(tuple)


@st.composite
def script_blocks(draw, expressions, statements):
    body = blocks_of(statements)
    params = draw(st.one_of(st.none(), param_blocks(expressions)))
    if draw(st.booleans()):
        return ScriptBlock(params=params, end=draw(body))
    parts = {
        name: draw(body)
        for name in draw(st.sets(st.sampled_from(["begin", "process", "end"]), min_size=1))
    }
    if set(parts) == {"end"}:
        parts["begin"] = ()
    return ScriptBlock(params=params, **parts)


constants = st.one_of(
    strings, numbers, st.sampled_from(["true", "null"]).map(lambda name: Variable(name=name))
)


@st.composite
def attributes(draw):
    named = draw(st.lists(st.tuples(identifiers, st.one_of(st.none(), constants)), max_size=2))
    return Attribute(
        name=draw(st.sampled_from(["Parameter", "Alias", "ValidateSet"])),
        positional=tuple(draw(st.lists(constants, max_size=2))),
        named=tuple(named),
    )


@st.composite
def param_blocks(draw, expressions):
    parameters = draw(
        st.lists(
            st.builds(
                ParameterDeclaration,
                name=identifiers,
                type_name=st.one_of(st.none(), type_names),
                attributes=st.lists(attributes(), max_size=1).map(tuple),
                default=st.one_of(st.none(), single(expressions)),
            ),
            max_size=2,
        )
    )
    return ParamBlock(
        attributes=tuple(draw(st.lists(attributes(), max_size=1))),
        parameters=tuple(parameters),
    )


def level(node):
    """How tightly a node binds: operators 1 to 7, a comma list 8, a prefix 9, the rest 10."""
    if isinstance(node, Binary):
        return LEVELS[node.rest[0][0]]
    if isinstance(node, ArrayLiteral):
        return 8 if len(node.items) > 1 else 9
    if isinstance(node, Unary | Cast) or (isinstance(node, Increment) and node.prefix):
        return 9
    if isinstance(node, Increment):
        return 9.5
    return 10


def in_parens(node):
    return Paren(inner=Pipeline(elements=(node,)))


def at_least(expressions, lowest):
    return expressions.map(lambda node: node if level(node) >= lowest else in_parens(node))


def no_commas(node):
    """A comma list anywhere outside brackets would end an argument or an item."""
    if isinstance(node, ArrayLiteral):
        return False
    if isinstance(node, Binary):
        return no_commas(node.first) and all(no_commas(operand) for _, operand in node.rest)
    if isinstance(node, Unary | Cast):
        return no_commas(node.operand)
    if isinstance(node, Increment):
        return no_commas(node.target)
    return True


def single(expressions):
    return expressions.map(lambda node: node if no_commas(node) else in_parens(node))


@st.composite
def binaries(draw, expressions):
    chosen = draw(st.integers(1, 7))
    names = [name for name, own in LEVELS.items() if own == chosen]
    operand = at_least(expressions, chosen + 1)
    rest = draw(st.lists(st.tuples(st.sampled_from(names), operand), min_size=1, max_size=3))
    if chosen == LEVELS["-is"] and draw(st.booleans()):
        rest.append((draw(st.sampled_from(["-is", "-as"])), TypeLiteral(name=draw(type_names))))
    rest = tuple(rest)
    return Binary(first=draw(operand), rest=rest)


def roots(expressions, kinds):
    """An operand that members and indexes can follow."""
    return expressions.map(lambda node: node if isinstance(node, kinds) else in_parens(node))


def stands_alone(node):
    """Tell whether a command's argument can begin like this; ``[type]::x`` would be a bare word."""
    while isinstance(node, Member | Index | Call):
        node = node.target
    return not isinstance(node, TypeLiteral)


def operands(expressions):
    """An argument or the name of a called command."""
    return roots(expressions, ROOTS | ScriptBlockLiteral).map(
        lambda node: node if stands_alone(node) else in_parens(node)
    )


ROOTS = (
    Variable
    | StringLiteral
    | ExpandableString
    | Paren
    | ArrayExpression
    | SubExpression
    | HashLiteral
    | Member
    | Index
    | Call
)
member_names = st.one_of(
    identifiers.map(lambda name: StringLiteral(value=name)), strings, variables
)


@st.composite
def members(draw, expressions):
    static = draw(st.booleans())
    target = draw(
        type_names.map(lambda name: TypeLiteral(name=name)) if static else roots(expressions, ROOTS)
    )
    name = draw(member_names)
    if draw(st.booleans()):
        return Member(target=target, name=name, static=static)
    arguments = tuple(draw(st.lists(single(expressions), max_size=2)))
    return Call(target=target, name=name, arguments=arguments, static=static)


@st.composite
def expandables(draw, statements):
    parts = []
    holes = st.one_of(
        variables,
        blocks_of(statements).map(lambda nodes: SubExpression(statements=nodes)),
    )
    for _ in range(draw(st.integers(1, 2))):
        text = draw(texts)
        if text:
            parts.append(text)
        parts.append(draw(holes))
    text = draw(texts)
    if text:
        parts.append(text)
    return ExpandableString(parts=tuple(parts))


@st.composite
def hashes(draw, expressions, statements):
    keys = st.one_of(strings, numbers, variables, at_least(expressions, 10))
    return HashLiteral(entries=tuple(draw(st.lists(st.tuples(keys, statements), max_size=2))))


def targets(expressions):
    return st.one_of(
        variables,
        st.builds(Member, target=roots(expressions, ROOTS), name=member_names),
        st.builds(Index, target=roots(expressions, ROOTS), index=expressions),
    )


def compound_expressions(expressions, statements):
    prefixed = at_least(expressions, 9)
    return st.one_of(
        binaries(expressions),
        st.lists(prefixed, min_size=2, max_size=3).map(
            lambda items: ArrayLiteral(items=tuple(items))
        ),
        prefixed.map(lambda item: ArrayLiteral(items=(item,))),
        blocks_of(statements).map(lambda nodes: ArrayExpression(statements=nodes)),
        blocks_of(statements).map(lambda nodes: SubExpression(statements=nodes)),
        st.one_of(pipelines(expressions, statements), assignments(expressions, statements)).map(
            lambda inner: Paren(inner=inner)
        ),
        hashes(expressions, statements),
        script_blocks(expressions, statements).map(lambda block: ScriptBlockLiteral(block=block)),
        st.builds(
            Unary, operator=st.sampled_from(["!", "-", "+", *sorted(UNARY_WORDS)]), operand=prefixed
        ),
        st.builds(Cast, type_name=type_names, operand=prefixed.filter(castable)),
        st.builds(
            Increment,
            operator=st.sampled_from(["++", "--"]),
            target=targets(expressions),
            prefix=st.booleans(),
        ),
        members(expressions),
        st.builds(Index, target=roots(expressions, ROOTS), index=expressions),
        expandables(statements),
    )


def castable(node):
    return not (isinstance(node, ArrayLiteral) and len(node.items) == 1)


@st.composite
def arguments(draw, expressions):
    item = st.one_of(
        words.map(lambda word: BareWord(text=word)),
        operands(expressions),
    )
    value = draw(
        st.one_of(
            item,
            st.lists(item, min_size=2, max_size=3).map(
                lambda items: ArrayLiteral(items=tuple(items))
            ),
        )
    )
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return ParameterArgument(
            name=draw(identifiers), value=draw(st.one_of(st.none(), st.just(value)))
        )
    if kind == 1:
        return Splat(name=draw(identifiers))
    return value


def command_name(word):
    return (
        word.casefold() not in KEYWORDS
        and re.match(r"[0-9.+\-–—―!\[*:]", word) is None
        and number_of(word) is None
    )


@st.composite
def commands(draw, expressions):
    called = draw(st.integers(0, 4)) == 0
    name = (
        draw(operands(expressions))
        if called
        else BareWord(text=draw(st.one_of(words, identifiers).filter(command_name)))
    )
    return Command(
        name=name,
        arguments=tuple(draw(st.lists(arguments(expressions), max_size=3))),
        called=called,
        silenced=tuple(draw(st.lists(st.sampled_from(["1", "2", "3", "*"]), max_size=1))),
    )


def pipelines(expressions, _statements):
    return st.builds(
        lambda head, rest: Pipeline(elements=(head, *rest)),
        st.one_of(
            expressions,
            commands(expressions),
            expressions.map(lambda node: Discarded(expression=node)),
        ),
        st.lists(commands(expressions), max_size=2),
    )


def assignments(expressions, statements):
    target = st.one_of(
        targets(expressions),
        st.builds(Cast, type_name=type_names, operand=variables),
        st.lists(variables, min_size=2, max_size=2).map(
            lambda items: ArrayLiteral(items=tuple(items))
        ),
    )
    return st.builds(
        Assignment,
        target=target,
        operator=st.sampled_from(["=", "+=", "-=", "*=", "/=", "%="]),
        value=statements,
    )


@st.composite
def tries(draw, statements):
    catches = tuple(
        draw(
            st.lists(
                st.builds(
                    Catch,
                    types=st.lists(type_names, max_size=2).map(tuple),
                    body=blocks_of(statements),
                ),
                max_size=2,
            )
        )
    )
    cleanup = draw(blocks_of(statements) if not catches else st.none() | blocks_of(statements))
    return Try(body=draw(blocks_of(statements)), catches=catches, cleanup=cleanup)


def compound_statements(expressions, statements):
    inner = st.one_of(pipelines(expressions, statements), assignments(expressions, statements))
    body = blocks_of(statements)
    tests = st.one_of(st.none(), words.map(lambda word: BareWord(text=word)), strings, variables)
    return st.one_of(
        inner,
        st.builds(
            If,
            branches=st.lists(st.tuples(inner, body), min_size=1, max_size=2).map(tuple),
            otherwise=st.none() | body,
        ),
        st.builds(Foreach, variable=variables, items=inner, body=body),
        st.builds(While, condition=inner, body=body),
        st.builds(DoLoop, condition=inner, body=body, until=st.booleans()),
        st.builds(
            For,
            start=st.none() | inner,
            condition=st.none() | inner,
            step=st.none() | inner,
            body=body,
        ),
        st.builds(
            Switch,
            mode=st.sampled_from(["", "wildcard", "regex"]),
            subject=inner,
            clauses=st.lists(st.tuples(tests, body), max_size=2).map(tuple),
        ),
        tries(statements),
        st.builds(
            FlowControl,
            keyword=st.sampled_from(["return", "exit", "throw"]),
            value=st.none() | inner,
        ),
        st.builds(FlowControl, keyword=st.sampled_from(["break", "continue"])),
        st.builds(
            Function,
            name=identifiers,
            body=script_blocks(expressions, statements),
        ),
    )


# After a type a sign would begin what is cast, so a type that is a value stands in parentheses.
leaves = st.one_of(
    strings, numbers, variables, type_names.map(lambda name: in_parens(TypeLiteral(name=name)))
)
plain_statements = st.one_of(
    leaves.map(lambda node: Pipeline(elements=(node,))), pipelines(leaves, None)
)
expressions_1 = st.one_of(leaves, compound_expressions(leaves, plain_statements))
statements_1 = compound_statements(expressions_1, plain_statements)
expressions_2 = st.one_of(leaves, compound_expressions(expressions_1, statements_1))
statements_2 = compound_statements(expressions_2, statements_1)
scripts = script_blocks(expressions_2, statements_2)
