"""Which entries name whom: principals that the same entries name are one class.

What an account may do beyond what every account may hangs on the entries that name it or a group
of it, and on nothing else of it as long as no sender is asked about. There may be ten thousand
accounts, of which most are named by no entry, or all by the same.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

from relaysim.model.organization import Organization
from relaysim.model.principals import Principal
from relaysim.model.rights import Right

__all__ = ["NOBODY", "Holdings", "NamedEntries", "Shape"]

_Entry = tuple[Right, bool, bool]
_Place = tuple[str, int]

Shape = frozenset[_Entry]
"""Entries without whom they name: right, deny, inherited."""

_NONE: Shape = frozenset()


class NamedEntries(NamedTuple):
    """The entries that name somebody.

    Attributes:
        mark: Equal for those whom the same entries name.
        inherited: The shape of the entries that a server's connectors inherit, by its name;
            servers without any are left out.
        own: The shape of a connector's own entries, by the server's name and the connector's id.
    """

    mark: int
    inherited: Mapping[str, Shape]
    own: Mapping[tuple[str, int], Shape]


NOBODY = NamedEntries(0, {}, {})
"""Whom no entry names."""


class Holdings:
    """The entries that name some principals, each entry looked at once.

    Args:
        servers: The organization with only one server, by the server's name.
        wanted: The principals.
    """

    def __init__(self, servers: Mapping[str, Organization], wanted: Iterable[Principal]) -> None:
        asked = set(wanted)
        self._inherited: dict[Principal, dict[str, set[_Entry]]] = {}
        self._own: dict[Principal, dict[_Place, set[_Entry]]] = {}
        self._marks: dict[Hashable, int] = {}
        self._known: dict[frozenset[Principal], NamedEntries] = {}
        for name, server in servers.items():
            for ace in server.inherited_aces:
                if ace.principal in asked:
                    above = self._inherited.setdefault(ace.principal, {})
                    above.setdefault(name, set()).add(ace[1:])
            for connector in server.connectors:
                place = name, id(connector)
                for ace in connector.acl:
                    if ace.principal in asked:
                        here = self._own.setdefault(ace.principal, {})
                        here.setdefault(place, set()).add(ace[1:])

    def of(self, principals: Iterable[Principal]) -> NamedEntries:
        """Return the entries that name any of some principals."""
        own, inherited = self._own, self._inherited
        named = frozenset(each for each in principals if each in own or each in inherited)
        if not named:
            return NOBODY
        found = self._known.get(named)
        if found is None:
            found = self._known[named] = self._joined(named)
        return found

    def _joined(self, named: frozenset[Principal]) -> NamedEntries:
        inherited: dict[str, Shape] = {}
        own: dict[_Place, Shape] = {}
        for principal in named:
            for server, entries in self._inherited.get(principal, {}).items():
                inherited[server] = inherited.get(server, _NONE) | entries
            for place, entries in self._own.get(principal, {}).items():
                own[place] = own.get(place, _NONE) | entries
        whole = frozenset(inherited.items()), frozenset(own.items())
        mark = self._marks.setdefault(whole, len(self._marks) + 1)
        return NamedEntries(mark, inherited, own)
