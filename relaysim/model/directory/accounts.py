"""Accounts, and finding one of very many by what a client calls it."""

from collections.abc import Iterable

from relaysim.lean import frozen
from relaysim.model.field_checks import TEXT, TEXTS, a, checked, many
from relaysim.model.principals import Principal, parse_principal

__all__ = ["Account", "AccountTable"]


@frozen
@checked(
    name=a(Principal),
    groups=many(Principal),
    addresses=TEXTS,
    send_as=TEXTS,
    password_file=TEXT,
)
class Account:
    r"""A mailbox or service account that can authenticate.

    Attributes:
        name: The principal, ``CONTOSO\app``.
        groups: Security groups it is a member of, directly or not.
        addresses: Its own SMTP addresses.
        send_as: Addresses of other mailboxes it holds Send As on.
        password_file: A file whose first line is the password, for a server that is talked to;
            relative to the server file, empty when none is named.
    """

    name: Principal
    groups: tuple[Principal, ...] = ()
    addresses: tuple[str, ...] = ()
    send_as: tuple[str, ...] = ()
    password_file: str = ""


class AccountTable:
    """Accounts by name, by address and by plain name, of equal ones the first."""

    __slots__ = ("_by_address", "_by_name", "_by_plain_name")

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._by_name: dict[str, Account] = {}
        self._by_address: dict[str, Account] = {}
        self._by_plain_name: dict[str, Account | None] = {}
        for account in accounts:
            key = account.name.key
            self._by_name.setdefault(key, account)
            for address in account.addresses:
                self._by_address.setdefault(address.casefold(), account)
            plain = key.rpartition("\\")[2]
            # A plain name that several domains have stands for none of them.
            self._by_plain_name[plain] = None if plain in self._by_plain_name else account

    def find(self, user: str, domain: str) -> Account | None:
        r"""Return the account named ``DOMAIN\name``, ``name`` or by an SMTP address.

        Args:
            user: What the client says.
            domain: The domain of a name without one.
        """
        wanted = parse_principal(user, domain).key
        found = self._by_name.get(wanted) or self._by_address.get(wanted)
        if found is not None or "\\" in user or "@" in user:
            return found
        # A plain name may also be the only one of its kind in another domain.
        return self._by_plain_name.get(user.casefold())
