"""Passwords of the accounts that a server file names."""

import hmac
from collections.abc import Callable
from pathlib import Path

from relaysim.errors import InvalidInput, Problem
from relaysim.model.organization import Account, Organization

__all__ = ["password_check"]

_LONGEST = 4096


def password_check(organization: Organization, folder: Path) -> Callable[[str, str], bool]:
    """Return what tells whether a name and a password are those of a known account.

    The files are read once, here. An account without a file has no password, so it cannot log on.

    Args:
        organization: Has the accounts.
        folder: What the names of their files are relative to.

    Raises:
        InvalidInput: A password file cannot be read or is empty.
    """
    passwords = {
        account.name.key: _first_line(account, folder)
        for account in organization.accounts
        if account.password_file
    }

    def right(user: str, password: str) -> bool:
        account = organization.find_account(user) if user.strip() else None
        wanted = passwords.get(account.name.key) if account is not None else None
        if wanted is None:
            return False
        given = password.encode("utf-8", "surrogateescape")
        return hmac.compare_digest(wanted.encode("utf-8"), given)

    return right


def _first_line(account: Account, folder: Path) -> str:
    path = folder / account.password_file
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(
            Problem(f"{path}: cannot be read ({reason})", where=f"account {account.name.name}")
        ) from None
    line = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")[0].removesuffix(b"\r")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text:
        raise InvalidInput(
            Problem(f"{path}: the first line is no password", where=f"account {account.name.name}")
        )
    return text
