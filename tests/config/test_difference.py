"""What commands changed, in signed lines."""

from relaysim.builtin.fresh import fresh_server
from relaysim.config.difference import changes
from relaysim.management_shell import run
from relaysim.model.version import ExchangeVersion


def after(text):
    before = fresh_server(exchange=ExchangeVersion.V2016)
    result = run(text, before)
    assert not result.errors, result.errors
    return before, result.organization


def told(text):
    return [f"{one.sign} {one.text}" for one in changes(*after(text), changed=True)]


def test_a_connector_with_another_name_is_still_that_connector():
    script = "Set-ReceiveConnector 'EX01\\Client Frontend EX01' -Name Clients"
    assert told(script) == ["- Name Client Frontend EX01", "+ Name Clients"]
    assert ("-", "removed") in [one[::2] for one in changes(*after(script))]


def test_two_that_serve_the_same_are_not_taken_for_one_another():
    script = (
        "Remove-ReceiveConnector 'EX01\\Client Frontend EX01' -Confirm:$false;"
        "New-ReceiveConnector Other -Client -Bindings 0.0.0.0:587 -RemoteIPRanges 10.0.0.0/8 "
        "-TransportRole FrontendTransport"
    )
    assert {"- removed", "+ created"} <= set(told(script))


def test_a_kept_setting_is_told_with_what_the_version_begins_with():
    script = "Set-ReceiveConnector 'EX01\\Client Frontend EX01' -MaxInboundConnection "
    assert told(f"{script} 6000") == ["- MaxInboundConnection 5000", "+ MaxInboundConnection 6000"]
    assert told(f"{script} 5000") == []
