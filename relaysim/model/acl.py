"""Access control entries."""

from typing import NamedTuple

from relaysim.errors import InvalidInput
from relaysim.model.field_checks import a, refused
from relaysim.model.principals import Principal
from relaysim.model.rights import Right

__all__ = ["Ace"]


class _Entry(NamedTuple):
    principal: Principal
    right: Right
    deny: bool = False
    inherited: bool = False


class Ace(_Entry):
    """One access control entry: it carries one right, as the directory stores it.

    Attributes:
        principal: Who.
        right: What; ``ALL_EXTENDED_RIGHTS`` and ``FULL_CONTROL`` stand for every right.
        deny: Deny instead of allow.
        inherited: It comes from a parent object, not from the connector itself.

    Source: SEED, QA1193037 (one right per row).
    """

    __slots__ = ()

    def __new__(
        cls,
        principal: Principal,
        right: Right,
        deny: bool = False,  # noqa: FBT001, FBT002  # a row of a table
        inherited: bool = False,  # noqa: FBT001, FBT002
    ) -> "Ace":
        """Return an entry.

        Raises:
            InvalidInput: A principal or right is given by its name, or something else is wrong: the
                entry would never meet anybody.
        """
        kinds = type(principal), type(right), type(deny), type(inherited)
        if kinds != _KINDS:
            given = (principal, right, deny, inherited)
            pairs = zip(_Entry._fields, _KINDS, given, strict=True)
            raise InvalidInput(
                [
                    refused(a(kind).words, one, name)
                    for name, kind, one in pairs
                    if type(one) is not kind
                ]
            )
        return super().__new__(cls, principal, right, deny, inherited)

    def carries(self, right: Right) -> bool:
        """Tell whether the entry speaks about ``right``.

        >>> from relaysim.model.principals import EVERYONE
        >>> Ace(EVERYONE, Right.FULL_CONTROL).carries(Right.SUBMIT)
        True
        """
        return (
            self.right is right
            or self.right is Right.ALL_EXTENDED_RIGHTS
            or self.right is Right.FULL_CONTROL
        )


_KINDS = (Principal, Right, bool, bool)
