"""What the commands of real servers refuse, and what a real PowerShell measured, agrees here."""

from relaysim.builtin.fresh import fresh_server
from relaysim.management_shell import run
from relaysim.management_shell.running import rule_of
from relaysim.model.version import ExchangeVersion
from tests.evidence_cases import CASES, needs_evidence

pytestmark = needs_evidence


def shell(text, version=ExchangeVersion.V2016):
    return run(text, fresh_server(exchange=version))


def test_case_t2_msqa1823351():
    # The outcome is not told. Two services on one address and port are what P-4 refuses.
    case = CASES["t2-msqa1823351"]
    port = case["session"]["port"]
    ranges = "0.0.0.0-255.255.255.255"
    asked = f"New-ReceiveConnector R -Usage Custom -Bindings 0.0.0.0:{port} -RemoteIPRanges "
    result = shell(asked + ranges, ExchangeVersion.V2019)
    assert [rule_of(error) for error in result.errors] == ["P-4"]


def test_case_t2b_range_entries_limit():
    case = CASES["t2b-range-entries-limit"]

    def made(count):
        entries = f"(1..{count} | ForEach-Object {{ '10.1.{{0}}.{{1}}' -f "
        entries += "[Math]::Floor($_ / 250), ($_ % 250) })"
        front_end = "-TransportRole FrontendTransport -PermissionGroups AnonymousUsers"
        where = f"-Custom -Bindings 0.0.0.0:25 -RemoteIPRanges {entries} {front_end}"
        return shell(f"$null = New-ReceiveConnector Relay {where}")

    refused = made(1400)
    assert bool(refused.errors) is case["observed"]["refused"]
    assert [rule_of(error) for error in refused.errors] == ["V-8"]
    assert not made(1100).errors


def test_case_t2b_getrc_parameter_sets():
    case = CASES["t2b-getrc-parameter-sets"]
    for command in case["checks"]:
        quiet = f"{command.replace('App', 'Default*')} -ErrorAction SilentlyContinue"
        result = shell(quiet)
        assert bool(result.errors) is case["observed"]["refused"]
        (error,) = result.errors
        assert "AmbiguousParameterSet" in error.id
        assert error.message.partition(": ")[2] in case["observed"]["note"]


def test_case_t2b_value_members():
    values = CASES["t2b-value-members"]["observed"]["values"]
    first = "$c = Get-ReceiveConnector | Select-Object -First 1; "

    def told(expression):
        result = shell(first + expression)
        assert not result.errors, (expression, result.errors)
        return result.output.rstrip("\n")

    assert told("$c.Fqdn.Domain") == told("[string]$c.Fqdn")
    assert told("$c.Server.DistinguishedName").startswith(
        values["Server.DistinguishedName"].replace("SERVER", "EX01").removesuffix("...")
    )
    assert told("$c.Identity.Rdn") == "CN=" + told("$c.Name")
    assert told("[string]$c.Identity.Parent") == values["Identity.Parent"]
    assert told("$c.Identity.Depth") == str(values["Identity.Depth"])
    for shown, number in values["[int]AuthMechanism"].items():
        text = f"Set-ReceiveConnector $c.Identity -AuthMechanism {shown.replace(' ', '')}; "
        assert told(text + "[int](Get-ReceiveConnector $c.Identity).AuthMechanism") == str(number)
    for shown, number in values["[int]PermissionGroups"].items():
        text = f"Set-ReceiveConnector $c.Identity -PermissionGroups {shown.replace(' ', '')}; "
        got = told(text + "[int](Get-ReceiveConnector $c.Identity).PermissionGroups")
        assert got == str(number)
    for role, number in values["[int]TransportRole"].items():
        text = f"(Get-ReceiveConnector | Where-Object TransportRole -eq {role})[0]"
        assert told(f"[int]{text}.TransportRole") == str(number)
    for name, number in values["[int]SizeEnabled"].items():
        text = f"Set-ReceiveConnector $c.Identity -SizeEnabled {name}; "
        assert told(text + "[int](Get-ReceiveConnector $c.Identity).SizeEnabled") == str(number)
    for name, number in values["[int]ProtocolLoggingLevel"].items():
        text = f"Set-ReceiveConnector $c.Identity -ProtocolLoggingLevel {name}; "
        got = told(text + "[int](Get-ReceiveConnector $c.Identity).ProtocolLoggingLevel")
        assert got == str(number)
    majors = {"2007": "8", "2010": "14", "2013": "15", "2016": "15", "2019": "15", "SE": "15"}
    for version, major in majors.items():
        text = "(Get-ExchangeServer).AdminDisplayVersion.Major"
        assert shell(text, ExchangeVersion(version)).output.strip() == major


def test_case_t2b_foreach_object_no_input():
    for text, output in CASES["t2b-foreach-object-no-input"]["observed"]["output"].items():
        expected = "" if output.startswith("(") else output
        assert ", ".join(shell(text).output.split()) == expected, text
    counted = shell("$all = ForEach-Object { Get-ReceiveConnector -Server EX01 }; $all.Count")
    organization = fresh_server(exchange=ExchangeVersion.V2016)
    assert counted.output.strip() == str(len(organization.connectors))


def test_case_t2b_adjacent_arguments():
    for text, output in CASES["t2b-adjacent-arguments"]["observed"]["output"].items():
        expected = output.removesuffix(" (in green)")
        assert shell(text).output.removesuffix("\n") == expected, text
