"""``relaysim suggest``: every plan that is printed does what it says."""

import json

import pytest

from relaysim import load
from relaysim.analysis.compare.change import ChangeKind
from relaysim.analysis.compare.compare import compare
from relaysim.config.writer import format_server
from relaysim.management_shell.running import ExchangeSession
from relaysim.model.session import AuthKind
from relaysim.net.addrset import AddressSet
from relaysim.net.notation import parse_range
from tests import golden
from tests.console import relaysim

NAMES = ["default", "option-1", "option-2", "both"]


DEFAULT = ("-c", "builtin:default-2019", "-o", "json")


def run(*arguments, code=0):
    result = relaysim(["suggest", *arguments])
    assert result.code == code, result.output
    return result.output


def plans(name, *arguments):
    output = run(*arguments, "-c", f"builtin:{name}", "-o", "json")
    return json.loads(output)["plans"]


def ran(organization, script):
    done = ExchangeSession(organization).run(script)
    assert not done.errors, done.errors
    return done.organization


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("need", ["relay", "submit", "resolve_p2", "bypass_anti_spam"])
def test_every_plan_gives_what_is_needed_says_what_else_and_can_be_undone(name, need):
    before = load(f"builtin:{name}")
    texts = ("10.9.8.7", "10.9.8.16/30")
    asked = AddressSet(parse_range(text).interval for text in texts)
    found = plans(name, "--ip", ",".join(texts), "--need", need)
    assert 0 < len(found) <= 3
    for plan in found:
        assert plan["script"].isascii()
        after = ran(before, plan["script"])
        assert compare(after, ran(after, plan["script"])).equal_power
        assert compare(before, ran(after, plan["rollback"])).equal_power
        assert need not in plan["does_not_give"]
        # What a client gets without identifying itself is nothing more for whoever could.
        widened = {
            change.right
            for change in compare(before, after).changes
            if change.kind is ChangeKind.WIDENED
            and (change.right not in (need, "submit") or change.addresses - asked)
        }
        named = " ".join(plan["gives_beyond"])
        for right in widened:
            assert right.replace("_", " ") in named


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "asked",
    [
        "--ip 10.9.8.7 --need relay",
        "--ip 192.168.2.55 --deny relay",
        "--ip 10.9.8.7 --from app@contoso.com --to x@example.net",
        "--ip 10.9.8.7 --auth user --from ceo@contoso.com",
    ],
)
def test_the_scenario_of_a_plan_holds(name, asked, tmp_path):
    scenario = tmp_path / "plan.relay.toml"
    for plan in plans(name, *asked.split()):
        scenario.write_text(plan["scenario"], encoding="utf-8")
        result = relaysim(["test", str(scenario), "--strict"])
        assert result.code == 0, result.output
        assert "2 passed" in result.output


def test_the_least_comes_first():
    titles = [plan["title"] for plan in plans("option-2", "--ip", "10.9.8.7", "--need", "relay")]
    assert titles == [
        "extend the ranges of `CRM Application`",
        "a connector of their own, with the entries that are needed (`Relay`)",
        "an externally secured connector of their own (`Relay`)",
    ]


def test_nothing_to_do_is_said():
    output = run("--ip", "192.168.2.55", "--need", "relay", "-c", "builtin:option-2")
    assert output.startswith("nothing to do: 192.168.2.55 (1) may relay already")


def test_what_cannot_be_given_is_no_plan_and_says_why():
    output = run("--ip", "10.9.8.7", "--need", "keep_forest_headers", "--auth", "partner")
    assert output.startswith("no plan: no change that is known here gives it")


@pytest.mark.parametrize("name", ["option-2"])
def test_a_plan_that_takes_gives_nobody_more(name):
    before = load(f"builtin:{name}")
    found = plans(name, "--ip", "192.168.2.55", "--deny", "relay")
    assert found
    first, *others = found
    changes = compare(before, ran(before, first["script"])).changes
    assert {change.kind for change in changes} == {ChangeKind.NARROWED}
    assert first["gives_beyond"] == []
    for plan in others:
        # Taken out of a range, they fall to a connector that knows servers and accounts.
        changes = compare(before, ran(before, plan["script"])).changes
        widened = {c.way.auth for c in changes if c.kind is ChangeKind.WIDENED}
        assert widened
        assert AuthKind.NONE not in widened
        assert len(plan["gives_beyond"]) == len(widened)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--ip", "10.0.0.1"], "one of `--need` and `--deny` is needed"),
        (["--ip", "10.0.0.1", "--need", "fly"], "unknown question `fly`"),
        (["--ip", "nowhere", "--need", "relay"], "--ip"),
    ],
)
def test_wrong_input_is_one_message_and_exit_code_2(arguments, message):
    output = run(*arguments, code=2)
    assert output.startswith("error: ")
    assert message in output


SEVERAL = """
format = 1
[organization]
exchange = "2010"
accepted_domains = ["contoso.com"]
[[server]]
name = "EX01"
[[server.connector]]
name = "Relay"
bindings = "0.0.0.0:25"
remote_ip_ranges = "10.0.0.5"
permission_groups = "AnonymousUsers"
[[server.connector.ace]]
user = "S-1-5-7"
rights = "ms-Exch-SMTP-Accept-Any-Recipient"
[[server]]
name = "EX02"
[[server.connector]]
name = "Other"
bindings = "0.0.0.0:25"
remote_ip_ranges = "10.0.0.6"
permission_groups = "AnonymousUsers"
"""


def test_a_plan_for_several_servers_does_it_on_each_that_needs_it(tmp_path):
    path = tmp_path / "several.toml"
    path.write_text(SEVERAL)
    found = json.loads(run("--ip", "10.0.0.7", "--need", "relay", "-c", str(path), "-o", "json"))
    before = load(str(path))
    assert found["plans"]
    for plan in found["plans"]:
        after = ran(before, plan["script"])
        assert compare(before, ran(after, plan["rollback"])).equal_power
        path.write_text(format_server(after))
        scenario = tmp_path / "planned.relay.toml"
        *_, planned = plan["scenario"].rpartition("[[step]]")
        scenario.write_text(f'format = 1\nserver = "several.toml"\n[[step]]{planned}')
        assert relaysim(["test", str(scenario)]).code == 0
        for line in plan["check"].splitlines():
            shown = relaysim([*line.split()[1:], "-c", str(path)])
            assert shown.code == 0, shown.output
    path.write_text(SEVERAL)
    one = json.loads(run("--ip", "10.0.0.5", "--need", "relay", "-c", str(path), "-o", "json"))
    assert "EX01" not in one["plans"][0]["script"]
    assert "EX02" in one["plans"][0]["script"]


@pytest.mark.parametrize("name", ["default", "option-1", "option-2"])
def test_the_plans_for_a_builtin_configuration_are_the_golden_text(name):
    output = run("--ip", "192.168.2.60", "--need", "relay", "-c", f"builtin:{name}")
    golden.compare(f"suggest/{name}.txt", output)


@pytest.mark.parametrize(("auth", "sid"), [("none", "S-1-5-7"), ("user", "S-1-5-11")])
def test_an_entry_on_a_wide_connector_is_the_last_resort_and_names_its_findings(auth, sid):
    shown = run("--ip", "0.0.0.0/0", "--need", "relay", "--auth", auth, *DEFAULT)
    (plan,) = json.loads(shown)["plans"]
    assert f"Add-ADPermission -User '{sid}'" in plan["script"]
    rule = "open-relay" if auth == "none" else "account-relay-internet"
    assert f"{rule} on `" in plan["remark"]
    assert "only because nothing else can be done" in plan["remark"]


def test_unlisted_entries_of_another_connector_stand_in_no_plans_way(tmp_path):
    path = tmp_path / "connectors.txt"
    path.write_text(
        "Name : Relay\nServer : EX01\nEnabled : True\nBindings : {0.0.0.0:25}\n"
        "RemoteIPRanges : {8.8.8.8}\nPermissionGroups : AnonymousUsers, Custom\n"
        "AuthMechanism : Tls\n",
        "utf-8",
    )
    wish = ("--ip", "10.0.0.5", "--need", "relay", "-c", str(path))
    assert "no plan: the Exchange version is not known: name it with `--exchange`" in run(*wish)
    assert "plan 1: a connector of their own" in run(*wish, "--exchange", "2010")


def test_an_entry_on_a_connector_of_their_own_comes_first_and_gives_nothing_beyond(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'format = 1\n[organization]\nexchange = "2016"\n[[connector]]\nname = "Scanner"\n'
        'transport_role = "FrontendTransport"\nbindings = "0.0.0.0:25"\n'
        'remote_ip_ranges = ["10.0.0.5", "10.0.0.6"]\npermission_groups = "AnonymousUsers"\n',
        "utf-8",
    )
    wish = ("--need", "relay", "-c", str(path), "-o", "json")
    (both, *_) = json.loads(run("--ip", "10.0.0.5,10.0.0.6", *wish))["plans"]
    assert both["title"] == "entries on `Scanner`, which answers nobody else"
    assert (both["gives_beyond"], both["remark"]) == ([], None)
    assert both["check"].endswith(f"-c {path}")
    (one, *_) = json.loads(run("--ip", "10.0.0.5", *wish))["plans"]
    assert one["title"].endswith("which others reach too")
    assert all("10.0.0.6 (1)" in line for line in one["gives_beyond"])


def test_a_list_of_which_not_everything_is_known_is_never_set_whole(tmp_path):
    place = tmp_path / "cut.toml"
    place.write_text(
        'format = 1\n[organization]\nexchange = "2010"\nserver = "EX01"\n[[connector]]\n'
        'name = "Relay"\nbindings = ["0.0.0.0:26"]\nremote_ip_ranges = ["10.0.0.0/16"]\n'
        'auth_mechanism = ["Tls"]\npermission_groups = ["AnonymousUsers"]\n'
        'unknown = ["remote_ip_ranges"]\n[[connector.ace]]\n'
        "user = 'NT AUTHORITY\\ANONYMOUS LOGON'\nrights = ['Accept-Any-Recipient']\n",
        encoding="utf-8",
    )
    config = ("-c", str(place), "-o", "json")
    for asked in (
        ["--need", "relay", "--ip", "10.1.5.20"],
        ["--deny", "relay", "--ip", "10.0.0.9"],
    ):
        output = relaysim(["suggest", *asked, "--port", "26", *config]).output
        for plan in json.loads(output)["plans"]:
            assert r"Set-ReceiveConnector -Identity 'EX01\Relay'" not in plan["script"]
    found = json.loads(relaysim(["audit", *config]).output)["findings"]
    mine = {each["id"]: str(each["fix"]) for each in found if each["connector"] == "Relay"}
    assert "relay-wide" in mine
    assert not [name for name, fix in mine.items() if "RemoteIPRanges" in fix]
