"""`relaysim shell` and `relaysim export-shell`: scripts in, configurations and exit codes out."""

import pytest

import relaysim
from relaysim.cli.shells.shell_start import folder_reader
from relaysim.config.serverfile import parse_server
from relaysim.errors import InvalidInput
from tests import console

RELAY = (
    "New-ReceiveConnector -Name Relay -Usage Custom -Bindings 0.0.0.0:25 "
    "-RemoteIPRanges 10.0.0.5 -PermissionGroups AnonymousUsers | Out-Null\n"
)
SHOWN_IN_PART = """
format = 1
[organization]
exchange = "2010"
[[connector]]
name = "Relay"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["10.0.0.5"]
unknown = ["entries", "remote_ip_ranges"]
not_shown = ["RequireTLS", "Comment"]
[[connector]]
name = "Other"
bindings = ["0.0.0.0:26"]
remote_ip_ranges = ["10.0.0.5"]
unknown = ["remote_ip_ranges"]
"""


@pytest.fixture
def shell(tmp_path):
    def call(text, *arguments):
        (tmp_path / "change.ps1").write_text(text, "utf-8")
        return console.relaysim(["shell", "change.ps1", *arguments], cwd=tmp_path)

    return call


def test_the_articles_line_works_verbatim(shell):
    text = RELAY.replace("Relay", '"CRM Application"') + (
        'Get-ReceiveConnector "CRM Application"  | Add-ADPermission -User '
        '"NT AUTHORITY\\ANONYMOUS LOGON" -ExtendedRights "ms-Exch-SMTP-Accept-Any-Recipient"'
    )
    run = shell(text, "--diff")
    assert run.code == 0
    text, power = run.output.split("power\n")
    assert text.splitlines()[-1] == (
        "  + allow ms-Exch-SMTP-Accept-Any-Recipient to NT AUTHORITY\\ANONYMOUS LOGON"
    )
    assert power.startswith("  + anyone, Domain Secure partners: relay, submit, ")
    assert "any account: submit and all that follows from 10.0.0.5 (1) on port 25" in power


def test_a_failed_command_gives_1_and_the_others_ran(shell):
    run = shell("Remove-ReceiveConnector Nope\n" + RELAY, "--diff")
    assert run.code == 1
    assert "error: change.ps1:1: column 1: " in run.output
    assert 'connector "Relay"\n  + created' in run.output


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Remove-ReceiveConnector Nope -ErrorAction SilentlyContinue", 0),
        ("try { Remove-ReceiveConnector Nope -ErrorAction Stop } catch { 'caught' }", 0),
        ("throw 'no'", 1),
        ("exit 3", 1),
        ("exit 0", 0),
        ("Get-ReceiveConnector |", 2),
        ("Get-Nonsense", 2),
        ("Get-ChildItem C:\\", 1),
        ("Get-Process", 2),
    ],
)
def test_exit_codes(shell, text, code):
    assert shell(text).code == code


def test_a_script_that_cannot_be_understood_runs_nothing(shell, tmp_path):
    run = shell(RELAY + "Get-ReceiveConector", "--diff", "--save", "out.toml")
    assert run.code == 2
    assert run.output == (
        "error: change.ps1:2: column 1: `Get-ReceiveConector` is no command that is known here\n"
        "    Get-ReceiveConector\n"
        "    ^\n"
        "hint: did you mean `Get-ReceiveConnector`?\n"
    )
    assert not (tmp_path / "out.toml").exists()


def test_save_writes_a_server_file_unless_a_command_failed(shell, tmp_path):
    assert shell(RELAY, "--save", "out.toml").code == 0
    saved = parse_server((tmp_path / "out.toml").read_bytes(), file="out.toml")
    assert [connector.name for connector in saved.connectors][-1] == "Relay"
    (tmp_path / "out.toml").unlink()
    run = shell("Remove-ReceiveConnector Nope", "--save", "out.toml")
    assert run.code == 1
    assert "not saved to out.toml: a command failed" in run.output
    assert not (tmp_path / "out.toml").exists()


def test_the_saved_file_is_where_the_next_script_begins(shell):
    shell(RELAY, "--save", "relaysim.toml")
    run = shell("Get-ReceiveConnector Relay | Format-List Name")
    assert "Name : Relay" in run.output
    assert "nothing changed" in shell("$x = 1", "--diff").output


def test_standard_input_and_the_version_of_the_fresh_server():
    text = "Get-ReceiveConnector | ForEach-Object { $_.Name }"
    for arguments in (["shell", "-"], ["shell"]):
        run = console.relaysim([*arguments, "--exchange", "2016"], stdin=text)
        assert run.code == 0
        assert "Default Frontend EX01" in run.output.splitlines()


def test_a_configuration_keeps_its_own_version(tmp_path):
    place = tmp_path / "s.toml"
    place.write_text(SHOWN_IN_PART, encoding="utf-8")
    run = console.relaysim(["shell", "-", "-c", str(place), "--exchange", "2016"])
    assert run.code == 2
    assert f"`{place}` has a version of its own" in run.output


def test_what_a_script_sets_is_known_from_then_on(tmp_path):
    place = tmp_path / "s.toml"
    place.write_text(SHOWN_IN_PART.replace('"2010"', '"unknown"'), encoding="utf-8")
    script = (
        "Set-ReceiveConnector Relay -RemoteIPRanges 10.0.0.7 -RequireTLS $false\n"
        "Set-ReceiveConnector Other -RemoteIPRanges @{Add = '10.0.0.8'}\n"
    )
    after = tmp_path / "after.toml"
    asked = ["shell", "-", "-c", str(place), "--exchange", "2010", "--save", str(after)]
    assert console.relaysim(asked, stdin=script).code == 0
    relay, other = relaysim.load(str(after)).only.connectors
    assert "entries" in relay.unknown
    assert "remote_ip_ranges" not in relay.unknown
    assert relay.not_shown == {"Comment"}
    assert "remote_ip_ranges" in other.unknown


def test_a_script_is_a_configuration_to_begin_with(shell, tmp_path):
    (tmp_path / "base.ps1").write_text(RELAY)
    run = shell("Set-ReceiveConnector Relay -MaxMessageSize 20MB", "-c", "base.ps1", "--diff")
    assert run.output == (
        'connector "Relay"\n  - MaxMessageSize 10485760\n  + MaxMessageSize 20971520\n'
        "power\n  = nobody may do more or less\n"
    )


def test_files_are_read_only_below_the_folder_that_was_given(shell, tmp_path):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "ranges.txt").write_text("10.0.0.7\n10.0.0.8\n")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "lists" / "link.txt").symlink_to(tmp_path / "secret.txt")
    ranges = RELAY + (
        "Set-ReceiveConnector Relay -RemoteIPRanges (Get-Content ranges.txt)\n"
        "(Get-ReceiveConnector Relay).RemoteIPRanges -join ','"
    )
    assert shell(ranges).code == 1
    run = shell(ranges, "--allow-read", "lists")
    assert run.code == 0
    assert run.output.startswith("10.0.0.7,10.0.0.8\n")
    for path in ("../secret.txt", "..\\secret.txt", "link.txt", str(tmp_path / "secret.txt")):
        run = shell(f"Get-Content '{path}'", "--allow-read", "lists")
        assert run.code == 1
        assert "it is not below `lists`" in run.output
    assert shell("'x'", "--allow-read", "change.ps1").code == 2


def test_the_reader_refuses_a_huge_file_and_a_folder(tmp_path):
    (tmp_path / "huge.txt").write_bytes(b"x" * ((8 << 20) + 1))
    read = folder_reader(str(tmp_path))
    assert read is not None
    for path in ("huge.txt", ".", "none.txt", "a\x00b"):
        with pytest.raises((OSError, ValueError)):
            read(path)
    assert folder_reader(None) is None
    with pytest.raises(InvalidInput):
        folder_reader(str(tmp_path / "nowhere"))


def test_a_script_in_utf_16_is_read_and_one_in_neither_encoding_is_refused(tmp_path):
    (tmp_path / "change.ps1").write_bytes(RELAY.replace("Relay", "'Büro'").encode("utf-16"))
    run = console.relaysim(["shell", "change.ps1", "--diff"], cwd=tmp_path)
    assert 'connector "Büro"' in run.output
    (tmp_path / "change.ps1").write_bytes(b"'\xff'")
    run = console.relaysim(["shell", "change.ps1"], cwd=tmp_path)
    assert run.code == 2
    assert "neither UTF-8 nor UTF-16" in run.output


def test_what_no_rule_uses_is_kept_and_named(shell):
    run = shell("Set-ReceiveConnector 'Default EX01' -Comment 'for the scanners'", "--diff")
    assert run.code == 0
    assert "no rule uses it" in run.output
    assert "  + Comment for the scanners\n" in run.output


def test_an_exported_script_answers_as_its_configuration_without_options(tmp_path):
    (tmp_path / "mail16.toml").write_text(
        """format = 1
[organization]
exchange = "2016"
server = "MAIL16"
domain = "FABRIKAM"
accepted_domains = ["fabrikam.example"]
[[connector]]
name = "Default Frontend MAIL16"
transport_role = "FrontendTransport"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["0.0.0.0-255.255.255.255"]
auth_mechanism = ["Tls"]
permission_groups = ["AnonymousUsers"]
""",
        encoding="utf-8",
    )
    export = ["export-shell", "-c", "mail16.toml", "--complete", "--to", "mail16.ps1"]
    assert console.relaysim(export, cwd=tmp_path) == (0, "")
    ask = ["check", "--ip", "10.0.0.1", "--expect", "relay=no", "--expect", "submit=yes"]
    before = console.relaysim([*ask, "-c", "mail16.toml"], cwd=tmp_path)
    after = console.relaysim([*ask, "-c", "mail16.ps1"], cwd=tmp_path)
    assert before[0] == 0
    assert (after[0], after[1].replace("mail16.ps1", "mail16.toml")) == before
    assert console.relaysim(["shell", "mail16.ps1"], cwd=tmp_path)[0] == 0


def test_an_exported_script_builds_the_same_server(tmp_path):
    exported = console.relaysim(
        ["export-shell", "-c", "builtin:both", "--to", "both.ps1"], cwd=tmp_path
    )
    assert exported == (0, "")
    same = console.relaysim(
        ["shell", "both.ps1", "-c", "builtin:default", "--save", "both.toml"], cwd=tmp_path
    )
    assert same.code == 0
    again = console.relaysim(["export-shell", "-c", "both.toml"], cwd=tmp_path)
    assert again == (0, (tmp_path / "both.ps1").read_text())


def test_what_no_command_expresses_is_a_comment_and_a_warning():
    run = console.relaysim(["export-shell", "-c", "docs/examples/two-addresses.toml"])
    assert run.code == 0
    assert "# No command expresses the following:\n#   organization: + account" in run.output
    assert "warning: no command expresses: organization: + account" in run.output


SEVERAL = 'Get-ExchangeServer | % { "$_ $($_.AdminDisplayVersion)" }\n'


@pytest.mark.parametrize(
    ("head", "arguments", "shown"),
    [
        ("#relaysim: server=EX01,EX02", (), "EX01 Version 8\nEX02 Version 8\n"),
        (
            "#relaysim: server=EX01,EX02 exchange=2010,2016",
            (),
            "EX01 Version 14\nEX02 Version 15.1\n",
        ),
        ("", ("--server", "A,B", "--exchange", "2010,2019"), "A Version 14\nB Version 15.2\n"),
        ("#relaysim: server=EX01,EX02", ("--exchange", "SE"), "EX01 Version 15.2\nEX02 Ver"),
    ],
)
def test_several_fresh_servers_are_named_by_the_script_or_the_options(
    shell, head, arguments, shown
):
    run = shell(f"{head}\n{SEVERAL}", *arguments)
    assert run.code == 0
    assert run.output.startswith(shown)


@pytest.mark.parametrize(
    ("head", "arguments", "problem"),
    [
        ("", ("--server", "A,a"), "--server: a server twice in `A,a`"),
        ("", ("--exchange", "2010,2016"), "--exchange: 2 values, and 1 server is named"),
        ("#relaysim: server=EX01,EX01", (), "a server twice in `EX01,EX01`"),
        (
            "#relaysim: server=A,B exchange=2010,2016",
            ("--server", "C"),
            "--exchange: 2 values, and 1 server is named",
        ),
    ],
)
def test_servers_that_do_not_add_up_are_refused(shell, head, arguments, problem):
    run = shell(f"{head}\n{SEVERAL}", *arguments)
    assert run.code == 2
    assert problem in run.output


def test_the_shell_runs_on_the_server_that_is_named_of_several(shell, tmp_path):
    made = shell(f"#relaysim: server=EX01,EX02\n{RELAY}", "--server", "EX02", "--save", "two.toml")
    assert made.code == 0
    saved = parse_server((tmp_path / "two.toml").read_bytes(), file="two.toml")
    assert ["Relay" in [c.name for c in server.connectors] for server in saved.servers] == [
        False,
        True,
    ]
    listing = shell('Get-ReceiveConnector Relay | % { "$($_.Identity)" }', "-c", "two.toml")
    assert listing.output == "EX02\\Relay\n"
    run = shell(RELAY, "-c", "two.toml", "--server", "EX02")
    assert run.code == 1
    assert "there is a receive connector `Relay` already (V-7)" in run.output
    assert shell(RELAY, "-c", "two.toml", "--server", "EX03").code == 2


def test_the_changes_of_several_servers_are_told_by_server(shell):
    change = f"Get-TransportService | % {{ {RELAY.replace(' | Out-Null', '').strip()} -Server $_ }}"
    run = shell(
        f"#relaysim: server=EX01,EX02\n{change} | Out-Null\n"
        "Remove-ReceiveConnector 'EX02\\Client EX02' -Confirm:$false",
        "--diff",
    )
    assert 'connector "EX01\\Relay"\n  + created\n' in run.output
    assert 'connector "EX02\\Client EX02"\n  - removed\n' in run.output
    assert 'connector "EX02\\Relay"\n  + created\n' in run.output


def test_a_partly_described_server_keeps_what_the_file_does_not_mention(tmp_path):
    made = console.relaysim(["shell", "-", "--save", "full.toml"], cwd=tmp_path, stdin=RELAY)
    assert made.code == 0
    text = (tmp_path / "full.toml").read_text("utf-8")
    head, *connectors = text.split("[[connector]]")
    partly = [part for part in connectors if "Client EX01" not in part]
    (tmp_path / "part.toml").write_text("[[connector]]".join([head, *partly]), "utf-8")
    run = console.relaysim(["export-shell", "-c", "part.toml"], cwd=tmp_path)
    assert "Remove-ReceiveConnector" not in run.output
    assert 'left as setup makes them: connector "Client EX01"\nhint: `--complete`' in run.output
    complete = console.relaysim(["export-shell", "-c", "part.toml", "--complete"], cwd=tmp_path)
    assert "Remove-ReceiveConnector -Identity 'Client EX01'" in complete.output
