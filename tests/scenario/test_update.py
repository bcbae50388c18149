"""`--update` writes actual answers, and leaves everything else as it was, byte for byte."""

import pytest

from relaysim import load
from relaysim.errors import InvalidScenario
from relaysim.scenario.reading.decode import parse_scenario
from relaysim.scenario.rewriting.update import updated
from relaysim.scenario.run import Runner

HEAD = 'format = 1  # first\nserver = "builtin:option-2"\n\n'


def named(wanted):
    return lambda names: [index for index, name in enumerate(names) if name == wanted]


def update(body, **options):
    text = HEAD + body
    scenario = parse_scenario(text.encode(), file="x.toml", resolve=load, for_update=True)
    new, notes = updated(scenario, text, Runner(), **options)
    assert new.startswith(HEAD)
    return new.removeprefix(HEAD), notes


STEP = '[[step]]\nname   = "a" # why\ncheck  = { ip = "192.168.2.55" }  # who\n'


def test_a_missing_expectation_is_added_in_line_with_the_check():
    new, (note,) = update(STEP + "\n# end\n")
    assert new == (
        STEP + 'expect = { connector = "CRM Application", submit = true, relay = true, '
        "bypass_anti_spam = false, resolve_p2 = false }\n\n# end\n"
    )
    assert note.done
    assert note.text.startswith('filled in connector = "CRM Application"')


def test_a_refusal_is_part_of_it():
    new, _ = update('[[step]]\nname = "a"\ncheck = { ip = "10.0.0.1" }\n')
    assert 'refused_at = "MAIL FROM", reply = "530 5.7.1 Client was not authenticated" }' in new


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "expect = { relay=false ,  submit = true } # k",
            "expect = { relay=true ,  submit = true } # k",
        ),
        ("expect.relay = false # k", "expect.relay = true # k"),
        ("expect.connector = 'x'", 'expect.connector = "CRM Application"'),
        ("[step.expect] # k\nrelay  =  false", "[step.expect] # k\nrelay  =  true"),
        ('expect = { auth_as = "Internal" }', 'expect = { auth_as = "Anonymous" }'),
        (
            'expect = { has = [ "Submit",  "Bypass-Anti-Spam" ], relay = true }',
            'expect = { has = ["ms-Exch-SMTP-Submit"], relay = true }',
        ),
        (
            'expect = { permission_groups = ["Partners"] }',
            'expect = { permission_groups = ["AnonymousUsers", "Custom"] }',
        ),
        ('expect = { relay = true, because = ["deny-entry"] }', 'because = ["allow-entry"] }'),
        ('expect = { reply = "550" }', 'expect = { reply = "none" }'),
        ('expect = { relay = true, assumes = ["S-3"] }', "expect = { relay = true, assumes = [] }"),
    ],
)
def test_only_values_that_are_not_met_change(before, after):
    new, (note,) = update(STEP + before + "\n")
    assert new.endswith(after + "\n")
    assert new.startswith(STEP)
    assert note.done


def test_what_holds_is_left_alone():
    body = STEP + "expect = {relay=true}\n"
    assert update(body) == (body, ())


def test_an_exact_set_of_rights_over_several_lines_is_replaced_whole():
    body = STEP + '[step.expect]\nrights = [ # four\n  "Submit", # one\n]\nrelay = true\n'
    new, _ = update(body)
    assert 'rights = ["ms-Exch-Accept-Headers-Routing", ' in new
    assert new.endswith("]\nrelay = true\n")


def test_empty_expectations_are_filled_in_where_they_stand():
    new, _ = update(STEP + "expect={}# here\n")
    assert new.startswith(STEP + "expect={ connector = ")
    assert new.endswith("}# here\n")
    new, _ = update(STEP + "[step.expect]# here\n")
    assert new.startswith(STEP + '[step.expect]# here\nconnector = "CRM Application"\n')


def test_a_check_in_a_table_of_its_own_gets_its_expectation_before_it():
    new, _ = update('[[step]]\nname = "a"\n[step.check]\nip = "192.168.2.55"\n')
    assert new.splitlines()[1:3] == ['name = "a"', new.splitlines()[2]]
    assert new.splitlines()[2].startswith("expect = {")


def test_steps_in_an_inline_array_are_updated_too():
    new, _ = update('step = [{ name = "a", check = { ip = "192.168.2.55" } }]\n')
    assert new.startswith('step = [{ name = "a", check = { ip = "192.168.2.55" }, expect = { conn')


def test_windows_line_breaks_and_a_byte_order_mark_stay():
    text = ("\ufeff" + HEAD + STEP).replace("\n", "\r\n")
    scenario = parse_scenario(text.encode(), file="x.toml", resolve=load, for_update=True)
    new, _ = updated(scenario, text, Runner())
    assert new.startswith(text)
    assert new.count("\r\n") == new.count("\n") == text.count("\n") + 1


def test_addresses_that_differ_are_not_papered_over():
    body = '[[step]]\nname = "a"\ncheck = { ip = "any" }\nexpect = { relay = true }\n'
    new, (note,) = update(body)
    assert new == body
    assert (note.done, note.text) == (
        False,
        "not changed: `relay` differs between the sessions asked about",
    )


def test_known_gaps_and_skipped_steps_are_left_alone():
    for key in ("known_gap", "skip"):
        body = f'{STEP}{key} = "x"\nexpect = {{ relay = false }}\n'
        assert update(body) == (body, ())


def test_changes_before_a_step_count():
    body = (
        '[[step]]\nname = "c"\nset = { remove_connector = ["CRM Application"] }\n'
        '[[step]]\nname = "a"\ncheck = { ip = "192.168.2.55" }\nexpect = { connector = "x" }\n'
    )
    new, _ = update(body)
    assert 'expect = { connector = "Default EX01" }' in new


def test_a_selection_is_respected():
    body = STEP + "expect = { relay = false }\n"
    assert update(body, select=named("b")) == (body, ())


def test_an_invalid_file_is_refused():
    with pytest.raises(InvalidScenario):
        update('[[step]]\nname = "a"\nchekc = {}\n')
