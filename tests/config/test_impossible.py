"""A description that no real server would take is used, and remarked on (V-4, V-8)."""

from typing import Any

import pytest

from relaysim.config.serverfile import parse_server
from tests.shell.servers import done

CONNECTOR = """
[[connector]]
name = "{name}"
bindings = ["{binding}"]
remote_ip_ranges = [{ranges}]
auth_mechanism = ["Tls"]
permission_groups = ["AnonymousUsers"]
"""
ALL = '"0.0.0.0-255.255.255.255"'


def remarks(*connectors):
    text = 'format = 1\n[organization]\nserver = "EX01"\n'
    for number, (binding, ranges) in enumerate(connectors):
        text += CONNECTOR.format(name=f"C{number}", binding=binding, ranges=ranges)
    found: list[Any] = []
    parse_server(text.encode(), file="mx.toml", notice=found.append)
    return [problem.text() for problem in found]


def test_one_range_on_one_binding_is_remarked_with_both_connectors():
    (remark,) = remarks(("0.0.0.0:25", ALL), ("0.0.0.0:25", ALL))
    assert "V-4" in remark
    assert "`C0`" in remark
    assert remark.startswith("mx.toml:12: connector `C1`")


def test_an_exact_binding_beside_the_any_address_is_told_who_decides():
    (remark,) = remarks(("0.0.0.0:25", ALL), ("10.0.0.5:25", ALL))
    assert "S-3 and S-4 decide" in remark


@pytest.mark.parametrize(
    "connectors",
    [
        [("0.0.0.0:25", ALL)],
        [("0.0.0.0:25", ALL), ("0.0.0.0:26", ALL)],
        [("0.0.0.0:25", ALL), ("0.0.0.0:25", '"10.0.0.5"')],
        [("10.0.0.1:25", ALL), ("10.0.0.2:25", ALL)],
        [("0.0.0.0:25", ALL), ("[::]:25", ALL)],
    ],
)
def test_what_a_server_takes_gets_no_remark(connectors):
    assert remarks(*connectors) == []


def test_more_ranges_than_a_server_holds_are_remarked():
    def many(count):
        return ", ".join(f'"10.{n // 250}.{n % 250}.1"' for n in range(count))

    (remark,) = remarks(("0.0.0.0:25", many(1400)))
    assert "V-8" in remark
    assert remarks(("0.0.0.0:25", many(1100))) == []


def test_microsofts_own_order_runs_with_the_remark():
    result = done(
        "New-ReceiveConnector Exact -Custom -Bindings 10.0.0.5:25 "
        "-RemoteIPRanges 0.0.0.0-255.255.255.255 -PermissionGroups AnonymousUsers\n"
        "Set-ReceiveConnector 'Default EX01' -Bindings 10.0.0.6:25"
    )
    (warning,) = result.warnings
    assert "S-3 and S-4 decide" in warning
