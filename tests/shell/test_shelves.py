"""Commands are loaded by name: the tables that say where they are agree with what is there."""

import pytest

from relaysim.management_shell.cmdlets import EXCHANGE_SHELVES, SYSTEM_SHELVES
from relaysim.management_shell.cmdlets.preparation.recognised import IdleCommand
from relaysim.powershell.cmdlets import ASKING_SHELF, CLOCK_SHELF, GENERIC_SHELVES
from relaysim.powershell.interpreter.contract import Cmdlet, Registry

SHELVES = (*GENERIC_SHELVES, ASKING_SHELF, CLOCK_SHELF, *EXCHANGE_SHELVES, *SYSTEM_SHELVES)


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf[0])
def test_a_shelf_is_labelled_with_what_stands_on_it(shelf):
    names, take = shelf
    assert " | ".join(" ".join((one.spec.name, *one.spec.aliases)) for one in take()) == names


def made(name: str, *aliases: str) -> Cmdlet:
    return IdleCommand(name, aliases=aliases)


def test_a_shelf_is_taken_down_when_one_of_its_names_is_asked_for():
    one, two = made("Get-One", "go"), made("Get-Two")
    taken = []

    def take():
        taken.append(1)
        return [one, two]

    registry = Registry([("Get-One go | Get-Two", take)])
    assert registry.names() == ["Get-One", "Get-Two"]
    assert registry.suggestion("Get-Twoo") == "Get-Two"
    assert taken == []
    assert registry.find("GO") is one
    assert registry.find("module\\get-two") is two
    assert taken == [1]


@pytest.mark.parametrize("first", [True, False])
def test_what_comes_later_takes_the_place_of_a_name(first):
    registry = Registry()
    old, new = made("Get-One", "go"), made("Get-One")
    if first:
        registry.add(old)
    else:
        registry.stock(("Get-One go", lambda: [old]))
    registry.stock(("Get-One", lambda: [new]))
    assert registry.find("Get-One") is new
    assert registry.find("go") is old
