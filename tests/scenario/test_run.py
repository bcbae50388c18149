"""Steps run in order on one server, and end as they should."""

import pytest

from relaysim import load
from relaysim.errors import InvalidInput
from relaysim.scenario import script
from relaysim.scenario.reading.decode import parse_scenario
from relaysim.scenario.results import State
from relaysim.scenario.run import Runner
from relaysim.scenario.script import ScriptError, ScriptOutcome

HEAD = 'format = 1\nserver = "builtin:option-2"\n'


def named(wanted):
    return lambda names: [index for index, name in enumerate(names) if name == wanted]


def scenario(body, head=HEAD):
    return parse_scenario((head + body).encode(), file="x.toml", resolve=load)


def check(question, expect, *, name="a", more=""):
    return f'[[step]]\nname = "{name}"\n{more}\ncheck = {{ {question} }}\nexpect = {{ {expect} }}\n'


def run(body, head=HEAD, **options):
    return Runner(**options).run(scenario(body, head)).results


def only(body, **options):
    (result,) = run(body, **options)
    return result


WEB = 'ip = "192.168.2.55"'


@pytest.mark.parametrize(
    ("question", "expect"),
    [
        (WEB, "relay = true, submit = true, bypass_anti_spam = false"),
        (WEB, 'connector = "crm application"'),
        (WEB, 'auth_as = "anonymous"'),
        (WEB, 'reply = "none", refused_at = "none"'),
        (WEB, 'permission_groups = ["AnonymousUsers", "Custom"]'),
        (WEB, 'because = ["allow-entry"], relay = true'),
        (WEB, 'has = ["Accept-Any-Recipient"], lacks = ["Bypass-Anti-Spam"]'),
        ('ip = "10.0.0.1"', 'reply = "530", refused_at = "mail from", rights = []'),
        (
            'ip = "10.0.0.1", port = 26',
            'connector = "none", refused_at = "connect", auth_as = "none"',
        ),
        ('ip = "any", auth = "user", except = "192.168.2.55-192.168.2.56"', "relay = true"),
        ('ip = ["192.168.2.55", "192.168.2.56"], to = ["a@contoso.com", "b@x.y"]', "relay = true"),
        ('ip = "192.168.2.54/31", except = "192.168.2.54"', "relay = true"),
    ],
)
def test_what_holds_passes(question, expect):
    result = only(check(question, expect))
    assert (result.state, result.reason) == (State.PASSED, None)


@pytest.mark.parametrize(
    ("question", "expect", "key", "actual"),
    [
        (WEB, "relay = false", "relay", "true"),
        (WEB, 'bypass_anti_spam = "denied"', "bypass_anti_spam", "false"),
        (WEB, 'connector = "Default EX01"', "connector", "CRM Application"),
        (WEB, 'auth_as = "Internal"', "auth_as", "Anonymous"),
        (WEB, 'reply = "550"', "reply", "none"),
        ('ip = "10.0.0.1"', 'reply = "none"', "reply", "530 5.7.1 Client was not authenticated"),
        (WEB, 'undecided = "S-7"', "undecided", "none"),
        (WEB, 'relay = true, because = ["deny-entry"]', "because", "allow-entry"),
        (WEB, 'relay = true, assumes = ["S-3"]', "assumes", "none"),
        (WEB, 'permission_groups = "Custom"', "permission_groups", "AnonymousUsers, Custom"),
    ],
)
def test_what_does_not_hold_fails_with_expected_and_actual(question, expect, key, actual):
    result = only(check(question, expect))
    assert result.state is State.FAILED
    (breach,) = result.breaches
    (difference,) = breach.differences
    assert (difference.key, difference.actual) == (key, actual)
    assert str(breach.decision.session.ip) == question.split('"')[1]


def test_rights_are_a_signed_difference():
    (breach,) = only(check(WEB, 'rights = ["Submit", "Bypass-Anti-Spam"]')).breaches
    (difference,) = breach.differences
    assert difference.missing == ("ms-Exch-Bypass-Anti-Spam",)
    assert "ms-Exch-SMTP-Accept-Any-Recipient" in difference.extra
    assert "ms-Exch-SMTP-Submit" not in difference.extra


def test_a_range_fails_with_the_exact_ranges_that_break_it():
    body = check('ip = "any", auth = "none"', "relay = false")
    (breach,) = only(body).breaches
    assert str(breach.addresses) == "192.168.2.55-192.168.2.56"
    assert str(breach.decision.session.ip) == "192.168.2.55"


def test_a_range_that_fails_in_two_ways_says_so_for_each():
    body = check('ip = "192.168.2.0/24", auth = "none"', 'connector = "Client EX01"')
    breaches = only(body).breaches
    assert [str(breach.addresses) for breach in breaches] == [
        "192.168.2.0-192.168.2.54, 192.168.2.57-192.168.2.255",
        "192.168.2.55-192.168.2.56",
    ]


def test_any_holds_every_address_of_both_families_once():
    body = check('ip = "any", port = 26', "submit = true")
    (breach,) = only(body).breaches
    assert breach.addresses.size_of(4) == 1 << 32
    # The IPv4-mapped addresses are IPv4 and not asked about twice.
    assert breach.addresses.size_of(6) == (1 << 128) - (1 << 32)


def test_except_covers_the_mapped_form_of_an_address_too():
    body = check(
        'ip = ["192.168.2.55", "::ffff:192.168.2.0/120"], except = "192.168.2.55"', "relay = false"
    )
    (breach,) = only(body).breaches
    assert str(breach.addresses) == "192.168.2.56"


def test_every_combination_is_asked():
    question = 'ip = "10.0.0.1", auth = ["none", "user"], to = ["a@contoso.com", "b@x.y"]'
    breaches = only(check(question, "submit = false")).breaches
    assert [(b.shape.auth.value, b.shape.rcpt_to) for b in breaches] == [
        ("user", ("a@contoso.com",)),
        ("user", ("b@x.y",)),
    ]


def test_an_inner_list_is_one_message_with_several_recipients():
    body = check(
        'ip = "10.0.0.1", auth = "user", to = [["a@contoso.com", "b@x.y"]]', 'reply = "none"'
    )
    assert only(body).state is State.PASSED


def test_steps_build_on_each_other_and_files_do_not():
    change = """
[[step]]
name = "the right goes"
[[step.set.remove_ace]]
connector = "CRM Application"
user = "S-1-5-7"
rights = "Accept-Any-R"
"""
    body = check(WEB, "relay = true") + change + check(WEB, "relay = false", name="b")
    runner = Runner()
    for _ in range(2):
        results = runner.run(scenario(body)).results
        assert [r.state for r in results] == [State.PASSED] * 3


def test_setting_groups_drops_a_shown_group_whose_deny_entries_are_gone():
    legacy = 'connector = "Default EX01", user = "ExchangeLegacyInterop"'
    headers = '["ms-Exch-Accept-Headers-Organization", "ms-Exch-Accept-Headers-Forest"]'
    body = (
        '[[step]]\nname = "deny"\n[step.set]\n'
        f"remove_ace = [{{ {legacy}, rights = {headers}, deny = true }}]\n"
        '[[step]]\nname = "groups"\n[step.set]\n'
        'change = [{ name = "Default EX01", permission_groups = ["ExchangeUsers"] }]\n'
    )
    question = 'ip = "192.0.2.1", auth = "legacy"'
    expect = 'submit = false, relay = false, permission_groups = "ExchangeUsers"'
    assert [step.state for step in run(body + check(question, expect))] == [State.PASSED] * 3


def test_a_connector_that_does_not_exist_is_an_error_not_a_failure():
    result = only(check(WEB, 'connector = "CRM Aplication"'))
    assert result.state is State.ERROR
    assert result.hint.startswith("did you mean `CRM Application`?")


def test_a_change_that_cannot_be_made_is_an_error_and_skips_what_follows():
    body = (
        '[[step]]\nname = "gone"\nset = { remove_connector = ["Nothing"] }\n'
        + check(WEB, "relay = false")
        + '[[step]]\nname = "again"\nset = { remove_connector = ["CRM Application"] }\n'
    )
    results = run(body)
    assert [r.state for r in results] == [State.ERROR, State.SKIPPED, State.SKIPPED]
    assert results[1].reason == "step `gone` before it could not be applied"


def test_a_known_gap_that_fails_is_no_failure_and_one_that_passes_is():
    gap = 'known_gap = "the vendor knows"'
    result = only(check(WEB, "relay = false", more=gap))
    assert (result.state, result.reason) == (State.KNOWN_GAP, "the vendor knows")
    assert result.breaches
    result = only(check(WEB, "relay = true", more=gap))
    assert result.state is State.FAILED
    assert result.reason == "the known gap is closed: the vendor knows"


def test_a_known_gap_does_not_hide_what_cannot_be_evaluated():
    result = only(check(WEB, 'connector = "Nobody"', more='known_gap = "x"'))
    assert result.state is State.ERROR


def test_a_skipped_step_has_its_reason_and_changes_nothing():
    body = (
        '[[step]]\nname = "s"\nskip = "not today"\n'
        'set = { remove_connector = ["CRM Application"] }\n' + check(WEB, "relay = true")
    )
    results = run(body)
    assert [r.state for r in results] == [State.SKIPPED, State.PASSED]
    assert results[0].reason == "not today"


def test_a_skipped_file_skips_every_step():
    results = run(check(WEB, "relay = false"), head=HEAD + 'skip = "all of it"\n')
    assert [(r.state, r.reason) for r in results] == [(State.SKIPPED, "all of it")]


def test_selection_makes_changes_but_reports_only_what_was_asked_for():
    change = '[[step]]\nname = "c"\nset = { remove_connector = ["CRM Application"] }\n'
    body = check(WEB, "relay = true") + change + check(WEB, "relay = false", name="b")
    results = run(body, select=named("b"))
    assert [(r.step.name, r.position, r.state) for r in results] == [("b", 2, State.PASSED)]


def test_nothing_after_the_last_selected_step_is_run():
    change = '[[step]]\nname = "c"\nset = { remove_connector = ["Nothing"] }\n'
    results = run(check(WEB, "relay = true") + change, select=named("a"))
    assert [(r.step.name, r.state) for r in results] == [("a", State.PASSED)]


def test_a_broken_change_is_reported_even_when_not_selected():
    change = '[[step]]\nname = "c"\nset = { remove_connector = ["Nothing"] }\n'
    results = run(change + check(WEB, "relay = true", name="b"), select=named("b"))
    assert [r.state for r in results] == [State.ERROR, State.SKIPPED]


def test_stop_ends_the_file_at_the_first_failure():
    body = check(WEB, "relay = false") + check(WEB, "relay = true", name="b")
    assert [r.step.name for r in run(body, stop=True)] == ["a"]


LOCAL = """
[[step]]
name = "second address"
[[step.set.connector]]
name = "Second"
bindings = ["10.0.0.2:25"]
remote_ip_ranges = ["10.0.0.0/8"]
"""


def test_an_undecided_question_is_an_error_unless_that_is_expected():
    result = run(LOCAL + check('ip = "10.0.0.1"', "relay = false"))[1]
    assert result.state is State.ERROR
    assert "(S-7)" in result.reason
    result = run(LOCAL + check('ip = "10.0.0.1"', 'undecided = "S-7"'))[1]
    assert result.state is State.PASSED


def test_an_undecided_sender_leaves_everything_but_the_refusal_answered():
    question = 'ip = "10.0.0.1", auth = "user", from = "x@contoso.com"'
    assert only(check(question, "relay = true")).state is State.PASSED
    assert only(check(question, 'refused_at = "none"')).state is State.ERROR


def test_an_assumption_that_is_not_named_is_a_warning_and_fails_when_strict():
    body = check('ip = "::ffff:192.168.2.55"', "relay = true")
    result = only(body)
    assert result.state is State.PASSED
    assert [(w.rule, w.keys) for w in result.warnings] == [("S-6", ("relay",))]
    result = only(body, strict=True)
    assert result.state is State.FAILED
    assert result.hint == 'add `assumes = ["S-6"]` to `expect`'
    named = check('ip = "::ffff:192.168.2.55"', 'relay = true, assumes = ["S-6"]')
    assert not only(named, strict=True).warnings


def test_an_assumption_about_something_else_is_no_warning():
    # I-2 decides the refusal of AUTH, not which connector answers.
    head = 'format = 1\nserver = "builtin:option-1"\n'
    body = check('ip = "192.168.2.55", auth = "user"', 'connector = "CRM Application"')
    assert not run(body, head=head)[0].warnings
    body = check('ip = "192.168.2.55", auth = "user"', 'refused_at = "AUTH"')
    assert [w.rule for w in run(body, head=head)[0].warnings] == ["I-2"]


RUN = '[[step]]\nname = "shell"\nrun = "Do-It"\n'


def test_without_a_shell_a_run_step_is_an_error_that_says_so(monkeypatch):
    monkeypatch.setattr(script, "SHELL", None)
    results = run(RUN + check(WEB, "relay = true"))
    assert [r.state for r in results] == [State.ERROR, State.SKIPPED]
    assert "has no Exchange Management Shell" in results[0].reason


@pytest.mark.parametrize(
    ("errors", "expect", "state"),
    [
        ((), None, State.PASSED),
        (("needs the group", "V-1"), None, State.FAILED),
        (("needs the group", "V-1"), "V-1", State.PASSED),
        (("needs the group", "V-1"), "the GROUP", State.PASSED),
        (("needs the group", "V-1"), "V-2", State.FAILED),
        ((), "V-1", State.FAILED),
    ],
)
def test_a_run_step_ends_as_its_commands_do(monkeypatch, errors, expect, state):
    def shell(text, organization):
        assert text == "Do-It"
        return ScriptOutcome(organization, (ScriptError(*errors),) if errors else ())

    monkeypatch.setattr(script, "SHELL", shell)
    body = RUN + (f'expect = {{ error = "{expect}" }}\n' if expect else "")
    assert only(body).state is state


def test_a_run_step_changes_the_server(monkeypatch):
    monkeypatch.setattr(script, "SHELL", lambda *_: ScriptOutcome(load("builtin:default")))
    results = run(RUN + check(WEB, 'connector = "Default EX01"'))
    assert [r.state for r in results] == [State.PASSED, State.PASSED]


def test_text_that_the_shell_cannot_parse_is_an_error(monkeypatch):
    def shell(text, _organization):
        raise InvalidInput(f"unexpected `{text}`")

    monkeypatch.setattr(script, "SHELL", shell)
    result = only(RUN)
    assert (result.state, result.reason) == (State.ERROR, "unexpected `Do-It`")


def test_a_message_of_a_run_step_is_judged_and_its_refusal_is_the_steps_error():
    send = "Send-MailMessage -From a@contoso.com -To b@example.net -Subject x -SmtpServer 127.0.0.1"
    step = '[[step]]\nname = "s"\nrun = "{}"\n'
    crm = "Get-ReceiveConnector 'CRM Application'"
    narrow = f"{crm} | Set-ReceiveConnector -RemoteIPRanges 127.0.0.1"
    assert only(step.format(f"{narrow}; {send}")).state is State.PASSED
    entry = (
        "-User 'NT AUTHORITY\\\\ANONYMOUS LOGON' -ExtendedRights ms-Exch-SMTP-Accept-Any-Recipient"
    )
    withdraw = f"{crm} | Remove-ADPermission {entry} -Confirm:$false"
    refused = only(step.format(f"{narrow}; {withdraw}; {send}"))
    assert refused.state is State.FAILED
    assert "Unable to relay" in str(refused)
