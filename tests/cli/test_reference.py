"""The reference of the command line is complete."""

import click
import pytest

from relaysim.cli import COMMANDS, cli
from tests.console import ROOT

PAGE = (ROOT / "docs/reference/cli.md").read_text()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_reference(name):
    assert f"## `relaysim {name}`\n" in PAGE
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help
    section = PAGE.split(f"## `relaysim {name}`\n")[1].split("\n## ")[0]
    for parameter in command.params:
        for spelling in parameter.opts if isinstance(parameter, click.Option) else ():
            assert spelling in section


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name):
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    for parameter in command.params:
        assert not isinstance(parameter, click.Option) or parameter.help
