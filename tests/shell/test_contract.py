"""What a host's cmdlet can rely on."""
# ruff: noqa: E501 - a command line and its error stand on one line

import pytest

from relaysim.powershell.interpreter.contract import CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.runner import ScriptSession, run_script
from relaysim.powershell.values.conversion import to_list, to_text, written_text
from relaysim.powershell.values.value import DefaultView, HashTable, ObjectType, ShellObject

THING = ObjectType(
    name="Test.Thing",
    view=DefaultView(columns=("Name", "Size")),
    text=lambda thing: f"SRV\\{thing.get('Name')}",
    convert=lambda name, value: (
        [to_text(one) for one in to_list(value)] if name == "Tags" else value
    ),
)


def size(value):
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ConversionError(f"`{to_text(value)}` is no size", id="V-9", hint="write 25MB")


def identity(value):
    return to_text(value.get("Name")) if isinstance(value, ShellObject) else written_text(value)


class GetThing:
    spec = CmdletSpec(
        name="Get-Thing",
        aliases=("gth",),
        parameters=(Parameter(name="Identity", position=0, from_pipeline=True, convert=identity),),
        directory=True,
    )

    def run(self, context, bound, _pipeline_input):
        wanted = bound.get("Identity")
        found = [name for name in context.state if wanted in {None, name}]
        if wanted is not None and not found:
            context.write_error(f"no thing `{wanted}`", id="V-1", target=wanted)
        for name in found:
            size, tags = context.state[name]
            yield ShellObject((("Name", name), ("Size", size), ("Tags", list(tags))), type_=THING)


class SetThing:
    spec = CmdletSpec(
        name="Set-Thing",
        parameters=(
            Parameter(
                name="Identity", position=0, mandatory=True, from_pipeline=True, convert=identity
            ),
            Parameter(name="Size", convert=size, from_property=True),
            Parameter(name="Tags"),
            Parameter(name="Strict", switch=True),
        ),
        changes=True,
        directory=True,
    )

    def run(self, context, bound, _pipeline_input):
        name = bound.get("Identity")
        if name not in context.state:
            raise context.failure(f"no thing `{name}`", id="V-1")
        if bound.flag("Strict"):
            context.write_error("strict", id="V-2", target=name)
            return ()
        old_size, tags = context.state[name]
        given = bound.get("Tags", list(tags))
        if isinstance(given, HashTable):
            given = [*tags, *to_list(given.get("Add"))]
        if context.should_process(name, "Set"):
            new = (bound.get("Size", old_size), tuple(to_text(one) for one in to_list(given)))
            context.state = {**context.state, name: new}
        return ()


START = {"a": (1, ("x",)), "b": (2, ()), "007": (3, ())}


def run(text, **options):
    return run_script(text, state=START, cmdlets=(GetThing(), SetThing()), **options)


def test_the_state_is_replaced_and_the_start_is_untouched():
    result = run("Set-Thing a -Size 5MB -Tags p,q")
    assert result.state == {**START, "a": (5 << 20, ("p", "q"))}
    assert START["a"] == (1, ("x",))


@pytest.mark.parametrize(
    "text",
    [
        "set-thing -iden a -si 9",
        "SET-THING A2 -Size 9; Set-Thing -Identity:a -Size:9",
        "$p = @{Identity = 'a'; SIZE = 9}; Set-Thing @p",
        "gth a | Set-Thing -Size 9 -Confirm:$false -DomainController dc1",
        "'a' | Set-Thing -Size 9",
        "Get-Thing | ? { $_.Name -eq 'a' } | % { Set-Thing $_.Name -Size ($_.Size + 8) }",
        "$t = Get-Thing a; $t.Size = 9; $t | Set-Thing",
        "Set-Thing -Size 9 a",
        "$n = 'a'; Set-Thing \"$n\" -Size $(4 + 5) 3>$null",
        "foreach ($t in Get-Thing) { if ($t.Name -eq 'a') { Set-Thing $t -Size 9 } }",
    ],
)
def test_the_ways_to_give_parameters(text):
    assert run(text).state["a"][0] == 9


def test_pipeline_objects_bind_one_by_one():
    assert run("Get-Thing | Set-Thing -Size 4").state == {
        name: (4, tags) for name, (_, tags) in START.items()
    }


def test_property_lists_grow_as_scripts_write_them():
    assert run("$t = gth a; $t.Tags += 'y'; Set-Thing a -Tags $t.Tags").state["a"] == (
        1,
        ("x", "y"),
    )
    assert run("Set-Thing a -Tags @{Add = 'y', 'z'}").state["a"] == (1, ("x", "y", "z"))
    assert run("Set-Thing a -Tags $null").state["a"] == (1, ())


def test_a_number_stays_the_text_it_was_written_as_where_text_is_wanted():
    assert run("Get-Thing 007 | % Size").output == "3\n"


def test_a_failing_command_changes_nothing_and_the_script_goes_on():
    result = run(
        "Set-Thing nope -Size 1; Set-Thing b -Size x; Set-Thing a -Strict; Set-Thing b -Size 7"
    )
    assert [error.id for error in result.errors] == ["V-1", "V-9", "V-2"]
    assert result.errors[1].message == "Set-Thing: `-Size`: `x` is no size"
    assert result.errors[1].hint == "write 25MB"
    assert result.errors[2].target == "a"
    assert result.errors[2].command == "Set-Thing"
    assert result.errors[2].position.column == 46
    assert result.state == {**START, "b": (7, ())}


def test_a_non_terminating_error_does_not_stop_the_other_objects():
    result = run("'a', 'nope', 'b' | Get-Thing | % Name")
    assert result.output == "a\nb\n"
    assert [error.id for error in result.errors] == ["V-1"]
    silent = run(
        "'a', 'nope', 'b' | Get-Thing -ErrorAction SilentlyContinue | % Name; $error.Count"
    )
    assert silent.output == "a\nb\n1\n"
    assert not silent.failed
    stopped = run("'a', 'nope', 'b' | Get-Thing -ErrorAction Stop | % Name; 'after'")
    assert stopped.output == "a\n"
    assert stopped.terminated


def test_what_if_changes_nothing_and_says_what_it_would_do():
    result = run("Set-Thing a -Size 9 -WhatIf; $WhatIfPreference = $true; Set-Thing b -Size 9")
    assert result.state == START
    assert result.output == (
        'What if: Performing the operation "Set" on target "a".\n'
        'What if: Performing the operation "Set" on target "b".\n'
    )
    assert run("Set-Thing a -Size 9 -WhatIf:$false").state["a"][0] == 9


def test_confirm_that_would_ask_is_taken_as_confirmed_with_a_warning():
    result = run("Set-Thing a -Size 9 -Confirm")
    assert result.state["a"][0] == 9
    assert result.warnings == ("Set-Thing: `-Confirm` cannot ask; taken as confirmed",)


def test_verbose_tells_what_is_done():
    assert "VERBOSE: Performing" in run("Set-Thing a -Size 9 -Verbose").output


@pytest.mark.parametrize(
    ("text", "error_id", "message"),
    [
        ("Set-Thing a -Sise 1", "NamedParameterNotFound", "A parameter cannot be found that matches parameter name 'Sise'."),
        ("Set-Thing a -S 1", "AmbiguousParameter", "Parameter cannot be processed because the parameter name 'S' is ambiguous. Possible matches include: -Size -Strict."),
        ("Set-Thing a b", "PositionalParameterNotFound", "A positional parameter cannot be found that accepts argument 'b'."),
        ("Set-Thing -Size 1", "MissingMandatoryParameter", "Cannot process command because of one or more missing mandatory parameters: Identity."),
        ("Set-Thing a -Size", "MissingArgument", "Missing an argument for parameter 'Size'."),
        ("Set-Thing a -Size -Strict", "MissingArgument", "Missing an argument for parameter 'Size'."),
        ("Set-Thing a -Size 1 -Size 2", "ParameterAlreadyBound", "Cannot bind parameter because parameter 'Size' is specified more than once. To provide multiple values to parameters that can accept multiple values, use the array syntax. For example, \"-parameter value1,value2,value3\"."),
        ("Get-Thing -WhatIf", "NamedParameterNotFound", "A parameter cannot be found that matches parameter name 'WhatIf'."),
        ("Set-Thing a -ErrorAction Foo", "InvalidArgument", "Set-Thing: `-ErrorAction` cannot be `foo`"),
    ],
)  # fmt: skip
def test_what_cannot_be_bound_is_an_error_of_the_statement(text, error_id, message):
    result = run(text)
    (error,) = result.errors
    assert error.id == error_id
    assert error.message.startswith(message)
    assert result.state == START


def test_objects_of_a_type_are_shown_by_its_view_and_in_text_by_its_text():
    assert run("Get-Thing a; Get-Thing b").output == "\nName Size\n---- ----\na    1\nb    2\n\n\n"
    assert run('"$(Get-Thing a)"; (Get-Thing a) -eq "srv\\A"').output == "SRV\\a\nTrue\n"
    assert run("Get-Thing a | fl").output == "\n\nName : a\nSize : 1\nTags : {x}\n\n\n\n"


def test_a_session_keeps_variables_functions_and_state():
    session = ScriptSession(state=START, cmdlets=(GetThing(), SetThing()))
    session.run("$n = 'a'; function f($s) { Set-Thing $n -Size $s }")
    result = session.run("f 42; throw 'x'")
    assert result.terminated
    assert session.state == {**START, "a": (42, ("x",))}
    assert session.run("(Get-Thing $n).Size").output == "42\n"


def test_the_host_names_types_and_environment():
    options = {"types": {"Test.Id": identity}, "environment": {"COMPUTERNAME": "EX01"}}
    assert run("[Test.Id]'q'; \"$env:ComputerName\"", **options).output == "q\nEX01\n"


def test_the_same_script_gives_the_same_result():
    text = "Get-Thing | Set-Thing -Size 4; @{b = 1; a = 2}; Get-Thing; Get-Thing nope"
    assert run(text) == run(text)
