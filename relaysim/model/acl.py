"""Access control entries."""

from typing import NamedTuple

from relaysim.model.principals import Principal
from relaysim.model.rights import Right

__all__ = ["Ace"]


class Ace(NamedTuple):
    """One access control entry: it carries one right, as the directory stores it.

    Attributes:
        principal: Who.
        right: What; ``ALL_EXTENDED_RIGHTS`` and ``FULL_CONTROL`` stand for every right.
        deny: Deny instead of allow.
        inherited: It comes from a parent object, not from the connector itself.

    Source: SEED, QA1193037 (one right per row).
    """

    principal: Principal
    right: Right
    deny: bool = False
    inherited: bool = False

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
