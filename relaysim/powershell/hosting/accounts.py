"""SIDs and account names: translated as far as the host knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.failures import ConversionError, method_failure
from relaysim.powershell.values.value import ObjectType, ShellObject, TypeValue, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Translations", "account_types", "well_known_sid"]

_WELL_KNOWN = {
    "worldsid": "S-1-1-0", "anonymoussid": "S-1-5-7", "authenticatedusersid": "S-1-5-11",
    "localsystemsid": "S-1-5-18", "selfsid": "S-1-5-10", "networksid": "S-1-5-2",
    "interactivesid": "S-1-5-4", "builtinadministratorssid": "S-1-5-32-544",
    "builtinuserssid": "S-1-5-32-545", "creatorownersid": "S-1-3-0",
}  # fmt: skip
"""Members of ``WellKnownSidType`` that are the same on every machine."""


def well_known_sid(member: str) -> str | None:
    """Return the SID of a member of ``WellKnownSidType``."""
    return _WELL_KNOWN.get(member.casefold())


class Translations:
    r"""Names and SIDs of accounts, both ways, without case.

    Args:
        names: SIDs to ``DOMAIN\\name``.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = {sid.casefold(): name for sid, name in names.items()}
        self._sids = {name.casefold(): sid for sid, name in names.items()}

    def sid(self, value: Value) -> ShellObject:
        """Return a ``SecurityIdentifier``; a text must be one, a known type's member is one."""
        if isinstance(value, ShellObject) and value.type.name.endswith(".SecurityIdentifier"):
            return value
        if isinstance(value, list):
            value = value[0] if value else None
        text = to_text(value).strip().upper()
        if not text.startswith("S-1-") or not text[4:].replace("-", "").isdigit():
            raise method_failure(
                ".ctor", 1, "Value was invalid.\nParameter name: sddlForm", "ArgumentException"
            )
        return self._object("SecurityIdentifier", text)

    def account(self, value: Value) -> ShellObject:
        """Return an ``NTAccount``."""
        if isinstance(value, ShellObject) and value.type.name.endswith(".NTAccount"):
            return value
        parts = [to_text(one) for one in to_list(value)]
        return self._object("NTAccount", "\\".join(parts))

    def _object(self, kind: str, text: str) -> ShellObject:
        type_ = ObjectType(
            name=f"System.Security.Principal.{kind}",
            text=lambda one: to_text(one.get("Value")),
            identity=lambda one: to_text(one.get("Value")).casefold(),
            calls={
                "translate": self._translated,
                "iswellknown": self._is_known,
            },
            read_only=True,
        )
        return ShellObject((("Value", text),), type_=type_)

    def _translated(self, one: ShellObject, args: list[Value]) -> Value:
        wanted = args[0].name if args and isinstance(args[0], TypeValue) else ""
        text = to_text(one.get("Value"))
        is_sid = one.type.name.endswith(".SecurityIdentifier")
        if wanted.casefold().endswith("securityidentifier"):
            found = text if is_sid else self._sids.get(self._plain(text).casefold())
            if found is not None:
                return self.sid(found)
        elif wanted.casefold().endswith("ntaccount"):
            found = text if not is_sid else self._names.get(text.casefold())
            if found is not None:
                return self.account(found)
        raise ConversionError(
            f'Exception calling "Translate" with "1" argument(s): "Some or all identity references '
            f'could not be translated." (`{text}` is none of the accounts that are known here)',
            id="IdentityNotMappedException",
        )

    def _plain(self, text: str) -> str:
        """Return a name as it is known: a bare one gets the domain of the one that ends so."""
        if text.casefold() in self._sids or "\\" in text:
            return text
        ends = [name for name in self._sids if name.endswith(f"\\{text.casefold()}")]
        return ends[0] if len(ends) == 1 else text

    @staticmethod
    def _is_known(one: ShellObject, args: list[Value]) -> Value:
        return well_known_sid(to_text(args[0])) == to_text(one.get("Value"))


def account_types(known: Translations) -> dict[str, Callable[[Value], Value]]:
    """Return the types of accounts by their folded names, with what makes a value one of each."""
    return {
        "security.principal.securityidentifier": known.sid,
        "security.principal.ntaccount": known.account,
        "security.principal.identityreference": lambda value: value,
    }
