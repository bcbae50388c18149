"""A script of the Exchange Management Shell as the configuration that ``-c`` names."""

import re
import subprocess
import sys

import pytest

from relaysim import cli
from relaysim.builtin import builtin
from relaysim.builtin.fresh import fresh_server
from relaysim.config.source import Configuration, is_script, load
from relaysim.errors import InvalidConfiguration, InvalidInput, Problem
from relaysim.management_shell import running
from relaysim.model.version import ExchangeVersion, ServerRole

ARTICLE = """# Option 2 of the article.
New-ReceiveConnector -Name "CRM Application" -Usage Custom -Bindings 0.0.0.0:25 `
    -RemoteIPRanges 192.168.2.55,192.168.2.56 -PermissionGroups AnonymousUsers
Get-ReceiveConnector "CRM Application"  | Add-ADPermission -User "NT AUTHORITY\\ANONYMOUS LOGON" \
-ExtendedRights "ms-Exch-SMTP-Accept-Any-Recipient"
"""


def main(arguments):
    """The exit code of a command line."""
    with pytest.raises(SystemExit) as leaving:
        cli.main(arguments)
    return leaving.value.code


@pytest.fixture
def script(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "setup.PS1"
        path.write_bytes(text.encode(encoding))
        return str(path)

    return write


def test_a_script_is_told_by_its_name():
    assert is_script("a/Setup.ps1")
    assert is_script("SETUP.PS1")
    assert not is_script("setup.toml")
    assert not is_script("builtin:x.ps1")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_articles_script_is_the_built_in_option_2(script, encoding):
    organization = load(script(ARTICLE, encoding))
    article = builtin("builtin:option-2")
    ours = {c.name: c for c in organization.connectors}
    theirs = {c.name: c for c in article.connectors}
    assert ours.keys() == theirs.keys()
    relay = "CRM Application"
    assert set(ours[relay].acl) == set(theirs[relay].acl)
    assert ours[relay].remote_ip_ranges == theirs[relay].remote_ip_ranges
    assert ours["Default EX01"] == theirs["Default EX01"]


def test_it_runs_on_a_fresh_server_of_the_version_asked_for(script):
    assert load(script("# nothing")) == fresh_server()
    newer = load(script("# nothing"), exchange=ExchangeVersion.V2019)
    assert newer == fresh_server(exchange=ExchangeVersion.V2019)
    assert load("builtin:default", exchange=ExchangeVersion.V2019) == load("builtin:default-2019")


DEFAULT = "Set-ReceiveConnector 'Default MAIL16' -Banner '220 hello'\n"


@pytest.mark.parametrize(
    "text",
    [
        "#relaysim: exchange=2016 server=MAIL16\n" + DEFAULT,
        '\ufeff# A comment.\r\n\r\n  # RelaySim:  server="MAIL16"\tExchange=2016 \r\n' + DEFAULT,
        "# a\r#relaysim: server=mail16 exchange=2016 role=hub\r" + DEFAULT,
    ],
)
def test_a_script_names_its_fresh_server_in_its_first_comments(script, text):
    organization = load(script(text))
    assert organization.exchange is ExchangeVersion.V2016
    assert organization.server.upper() == "MAIL16"
    assert organization.connectors[0].banner == "220 hello"


def test_the_options_come_before_the_line_of_the_script(script):
    path = script('#relaysim: exchange=2016 server=A role=edge domain=D dns-domain="d.example"\n')
    assert load(path) == fresh_server(
        exchange=ExchangeVersion.V2016,
        server="A",
        role=ServerRole.EDGE,
        domain="D",
        dns_domain="d.example",
    )
    assert load(path, exchange=ExchangeVersion.V2010, server="B") == fresh_server(
        exchange=ExchangeVersion.V2010,
        server="B",
        role=ServerRole.EDGE,
        domain="D",
        dns_domain="d.example",
    )
    path = script("#relaysim: server=A fqdn=mx.example")
    assert load(path).fqdn == "mx.example"
    assert load(path, server="B") == fresh_server(server="B")


@pytest.mark.parametrize(
    "text",
    [
        "$x = 1\n#relaysim: server=MAIL16\n",
        "<#\n#relaysim: server=MAIL16\n#>\n",
        "$x = @'\n#relaysim: server=MAIL16\n'@\n",
        "# say #relaysim: server=MAIL16\n",
        "# relaysim server=MAIL16\n",
    ],
)
def test_the_line_counts_only_among_the_leading_comments(script, text):
    assert load(script(text)) == fresh_server()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "says nothing"),
        (" server", "`server` is no `key=value`"),
        (" server=", "value is missing"),
        (" server= exchange=2016", "value is missing"),
        (" server='A'", "value is missing"),
        (' server="A', "no quoted value"),
        (' server="A\\q"', "no quoted value"),
        (' server="\\ud800"', "no quoted value"),
        (" server=A,B exchange=2016,2019,SE", "`exchange` has 3 values, and there are 2"),
        (" server=A domain=B,C", "`domain` has 2 values, and there is 1"),
        (' server="A"exchange=2016', "is no value of `server`"),
        (" sever=A", "unknown setting `sever`"),
        (" server=A Server=B", "`server` is given twice"),
        (" exchange=2017", "unknown Exchange version `2017`"),
        (" role=client", "unknown role `client`"),
        (" server=A\n#relaysim: exchange=2016", "a second"),
    ],
)
def test_a_malformed_line_is_an_error_that_names_file_and_line(script, line, message, capsys):
    path = script(f"# first\n#relaysim:{line}\n")
    with pytest.raises(InvalidConfiguration, match=re.escape(message)) as caught:
        load(path)
    number = 2 + line.count("\n")
    assert [(one.file, one.line) for one in caught.value.problems] == [(path, number)]
    assert main(["shell", path]) == 2
    assert capsys.readouterr().err.startswith(f"error: {path}:{number}: ")


def test_every_mistake_of_the_line_is_named(script):
    with pytest.raises(InvalidConfiguration) as caught:
        load(script("#relaysim: sever=A exchange=2017"))
    unknown, version = caught.value.problems
    assert unknown.hint == "did you mean `server`?"
    assert "2017" in version.message


def test_every_command_takes_the_version_and_name_of_a_scripts_server(script, tmp_path, capsys):
    path = script(DEFAULT)
    rows = tmp_path / "rows.csv"
    rows.write_text("ip\n10.0.0.1\n")
    lines = tmp_path / "lines.txt"
    lines.write_text("EHLO a\nQUIT\n")
    for command in (
        ["check", "--ip", "10.0.0.1"],
        ["explain"],
        ["map"],
        ["who-can", "relay"],
        ["batch", "--no-progress", str(rows)],
        ["session", "--ip", "10.0.0.1", str(lines)],
        ["export-shell"],
    ):
        fresh = ["--exchange", "2016", "--server", "MAIL16"]
        assert main([*command, "-c", path]) == 2
        assert "Default MAIL16" in capsys.readouterr().err
        assert main([*command, "-c", path, *fresh]) == 0
        capsys.readouterr()
        assert main([*command, "-c", "builtin:both", "--server", "MAIL16"]) == 2
        assert "error: --server: " in capsys.readouterr().err
        assert main([*command, "-c", path, "--server", " "]) == 2
        assert "--server: the name is empty" in capsys.readouterr().err
    assert main(["shell", path, "--exchange", "2016", "--server", "MAIL16"]) == 0
    assert main(["shell", path, "-c", "builtin:both", "--server", "MAIL16"]) == 2


def test_the_shell_starts_from_the_server_its_script_names(script, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "relaysim.toml").write_text("format = 1\n")
    text = "(Get-ExchangeServer).Name\n"
    path = script("#relaysim: exchange=2016 server=MAIL16\n" + text)
    for arguments, name in (
        ([], "MAIL16"),
        (["--server", "B"], "B"),
        (["-c", "builtin:default"], "EX01"),
        (["-c", path], "MAIL16"),
    ):
        assert main(["shell", path, *arguments]) == 0
        assert capsys.readouterr().out.strip().splitlines()[-1] == name


def test_every_failed_command_is_a_problem_with_file_and_line(script):
    path = script(
        "Set-ReceiveConnector 'Default EX01' -AuthMechanism ExternalAuthoritative,BasicAuth\n\n"
        "Remove-ReceiveConnector Nope\nRemove-ReceiveConnector 'Client EX01'"
    )
    with pytest.raises(InvalidConfiguration) as caught:
        load(path)
    problems = caught.value.problems
    assert [(problem.file, problem.line) for problem in problems] == [(path, 1), (path, 3)]
    assert "(V-2)" in problems[0].message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"Get-ReceiveConnector\n\xff\xfe\xff", "neither UTF-8 nor UTF-16 text"),
        (b"if (", "column"),
        (b"Get-Nonsense", "is no command"),
        (b"Get-Content secret.txt", "does not exist"),
        (b"exit 3", "exit code 3"),
    ],
)
def test_a_script_that_cannot_be_used_is_one_clear_error(tmp_path, data, message, capsys):
    path = tmp_path / "x.ps1"
    path.write_bytes(data)
    with pytest.raises(InvalidConfiguration, match=message):
        load(str(path))
    assert main(["check", "--ip", "192.168.2.55", "-c", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"error: {path}")
    assert "Traceback" not in captured.err


def test_an_endless_script_ends_and_says_at_which_bound(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(running, "MAX_SECONDS", 0.2)
    path = tmp_path / "x.ps1"
    path.write_bytes(b"while ($true) { }")
    assert main(["check", "--ip", "192.168.2.55", "-c", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"error: {path}")
    assert "seconds" in captured.err


def test_check_and_explain_take_a_script_and_its_version(script, capsys):
    path = script(ARTICLE)
    common = ["check", "--ip", "192.168.2.55", "-c", path]
    assert main([*common, "--expect", "relay=yes"]) == 0
    assert "Exchange 2007" in capsys.readouterr().out
    newer = script(ARTICLE.replace("-Usage", "-TransportRole FrontendTransport -Usage"))
    assert main(["check", "--ip", "192.168.2.55", "-c", newer, "--exchange", "2016"]) == 0
    assert "Exchange 2016" in capsys.readouterr().out
    assert main(["explain", "CRM Application", "-c", newer, "--exchange", "2016"]) == 0
    assert "ms-Exch-SMTP-Accept-Any-Recipient" in capsys.readouterr().out
    both = ["check", "--ip", "192.168.2.55", "-c", newer, "-c", "builtin:default"]
    assert main([*both, "--exchange", "2016"]) == 0
    capsys.readouterr()
    assert main(["check", "--ip", "10.0.0.1", "-c", "builtin:both", "--exchange", "2016"]) == 0
    assert "builtin:both (Exchange 2016)" in capsys.readouterr().out


def test_check_does_not_load_the_shell_without_a_script():
    code = (
        "import sys; from relaysim.cli import main\n"
        "try: main(['check', '--ip', '192.168.2.55'])\n"
        "except SystemExit: "
        "print(sorted(m for m in sys.modules if m.startswith('relaysim.management_shell')))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == "[]"


def test_the_server_that_the_prompt_holds_keeps_its_version_and_name():
    held = Configuration("setup.ps1", fresh_server())
    for command in (["check", "--ip", "10.0.0.1"], ["explain"]):
        assert cli.cli.main(command, prog_name="", standalone_mode=False, obj=held) == 0
        for option, value in (("--exchange", "2016"), ("--server", "B")):
            with pytest.raises(InvalidInput, match=r"version of its own|unknown server `B`"):
                cli.cli.main([*command, option, value], standalone_mode=False, obj=held)


def test_a_message_of_a_configuration_is_sent_by_nobody_and_that_is_said(script):
    told: list[Problem] = []
    send = "Send-MailMessage -From a@contoso.com -To b@example.net -Subject x -SmtpServer EX01\n"
    organization = load(script(ARTICLE + send), notice=told.append)
    assert "CRM Application" in [one.name for one in organization.connectors]
    assert [one.message.partition(",")[0] for one in told] == ["Send-MailMessage sends nothing"]
    load(script(ARTICLE), notice=told.append)
    assert len(told) == 1
