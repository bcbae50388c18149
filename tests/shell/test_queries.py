"""Questions to Windows' management: what the configuration knows is answered, the rest refused."""

import pytest

from relaysim.builtin.fresh import fresh_server
from relaysim.errors import InvalidScript
from relaysim.management_shell import run

FRESH = fresh_server()


@pytest.mark.parametrize(
    "text",
    [
        "Get-WmiObject -Query 'select * from win32_service within 5'",
        "Get-WmiObject -Query 'select * from Win32_Process'",
    ],
)
def test_a_query_that_is_not_understood_is_refused_before_the_run(text):
    with pytest.raises(InvalidScript, match="would read this machine"):
        run(text, FRESH)


def test_a_query_in_place_of_a_class_ends_the_script():
    result = run("Get-WmiObject 'select Name from win32_service'; 'after'", FRESH)
    assert [error.id for error in result.errors] == ["NotInSubset"]
    assert "after" not in result.output


def test_a_query_has_the_services_that_meet_its_condition():
    query = "select * from Win32_Service where Name = 'MSExchangeTransport'"
    result = run(f'(Get-WmiObject -Query "{query}").Name', FRESH)
    assert result.output.split() == ["MSExchangeTransport"]
