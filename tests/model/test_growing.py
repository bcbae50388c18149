"""What a right or a version that somebody added still needs, said by place."""

from relaysim.importers.assembly.servers import version_of_build
from relaysim.management_shell import environment
from relaysim.management_shell.cmdlets import server_cmdlets
from relaysim.model.rights import RIGHT_FACTS, Right
from relaysim.model.version import ExchangeVersion
from tests.console import ROOT
from tests.model.test_groups import SERVERS
from tests.oracle import tables


def test_a_right_has_all_that_a_right_needs():
    page = (ROOT / "docs/reference/rights.md").read_text("utf-8")
    published = {
        *(tables.rights_of_version("SE") + tables.SEND_SIDE),
        *(tables.ALL_EXTENDED, tables.FULL_CONTROL),
    }
    missing = []
    for right in Right:
        places = {
            "a row of RIGHT_FACTS in relaysim/model/rights.py": right in RIGHT_FACTS,
            "rows in docs/reference/rights.md": page.count(f"`{right.value}`") > 0,
            "its place in tests/oracle/tables.py, from the published page": right.value
            in published,
        }
        missing += [f"{right.value} needs {place}" for place, there in places.items() if not there]
    assert not missing, "a right was added:\n" + "\n".join(missing)


def test_a_version_has_all_that_a_version_needs():
    page = (ROOT / "docs/reference/server-file.md").read_text("utf-8")
    missing = []
    for version in ExchangeVersion:
        name = version.value
        number = environment._NUMBERS.get(name)
        told = number and version_of_build(f"Version {number[0]}.{number[1]} (Build 9999.1)")
        places = {
            "its number in relaysim/management_shell/environment.py": number,
            "its number in relaysim/management_shell/cmdlets/server_cmdlets.py": name
            in server_cmdlets._NUMBERS,
            "its build in relaysim/importers/assembly/servers.py": told
            in (version, ExchangeVersion.SE if name == "2019" else version),
            "its name in docs/reference/server-file.md": f'`"{name}"`' in page,
            "its presets in tests/model/test_groups.py, from the published page": name in SERVERS,
        }
        missing += [f"{name} needs {place}" for place, there in places.items() if not there]
    assert not missing, "a version was added:\n" + "\n".join(missing)
