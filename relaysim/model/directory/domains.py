"""Accepted domains, found by look-up however many there are."""

from collections.abc import Iterable
from enum import Enum
from functools import lru_cache

from relaysim.lean import frozen
from relaysim.model.field_checks import FLAG, TEXT, a, checked

__all__ = ["AcceptedDomain", "DomainTable", "DomainType", "ascii_domain", "domain_of"]


class DomainType(Enum):
    """Type of an accepted domain; the value is Exchange's spelling."""

    AUTHORITATIVE = "Authoritative"
    INTERNAL_RELAY = "InternalRelay"
    EXTERNAL_RELAY = "ExternalRelay"


@frozen
@checked(name=TEXT, type=a(DomainType), match_sub_domains=FLAG, label=TEXT)
class AcceptedDomain:
    """A domain the organization takes mail for.

    Attributes:
        name: ``contoso.com``, ``*.contoso.com`` (the domain and its sub-domains) or ``*``.
        type: Says who knows the recipients; it does not matter for RCPT TO.
        match_sub_domains: Makes a plain name match its sub-domains too (2016 and later).
        label: What the shell calls the domain; empty means by its name.

    Source: NEWAD, ACC16, SETAD, EXA.
    """

    name: str
    type: DomainType = DomainType.AUTHORITATIVE
    match_sub_domains: bool = False
    label: str = ""

    def matches(self, domain: str) -> bool:
        """Tell whether ``domain`` (as :func:`ascii_domain` returns it) is covered.

        >>> AcceptedDomain(name="*.contoso.com").matches("contoso.com")
        True
        """
        name = self.name
        if name == "*":
            return True
        wildcard = name.startswith("*.")
        plain = ascii_domain(name[2:] if wildcard else name)
        if domain == plain:
            return True
        return (wildcard or self.match_sub_domains) and domain.endswith("." + plain)


class DomainTable:
    """A look-up for some accepted domains.

    A name costs one look-up for itself and one for each of its labels, instead of a comparison
    with every accepted domain.
    """

    __slots__ = ("_below", "_everything", "_exact")

    def __init__(self, domains: Iterable[AcceptedDomain]) -> None:
        self._exact: dict[str, list[_Placed]] = {}
        self._below: dict[str, list[_Placed]] = {}
        self._everything: list[_Placed] = []
        for placed in enumerate(domains):
            accepted = placed[1]
            if accepted.name == "*":
                self._everything.append(placed)
                continue
            wildcard = accepted.name.startswith("*.")
            plain = ascii_domain(accepted.name[2:] if wildcard else accepted.name)
            self._exact.setdefault(plain, []).append(placed)
            if wildcard or accepted.match_sub_domains:
                self._below.setdefault(plain, []).append(placed)

    def matching(self, domain: str) -> list[AcceptedDomain]:
        """Return the accepted domains that cover a name as :func:`ascii_domain` returns it.

        Returns:
            In the order in which they were given.
        """
        found = [*self._everything, *self._exact.get(domain, ())]
        if self._below:
            dot = domain.find(".")
            while dot >= 0:
                found += self._below.get(domain[dot + 1 :], ())
                dot = domain.find(".", dot + 1)
        if len(found) > 1:
            found.sort(key=_place)
        return [accepted for _, accepted in found]


_Placed = tuple[int, AcceptedDomain]


def _place(placed: _Placed) -> int:
    return placed[0]


@lru_cache(maxsize=4096)
def ascii_domain(domain: str) -> str:
    """Return a domain lower-case and in its ASCII (IDNA) form, without a final dot.

    A name that IDNA cannot encode is only lowered: it then matches nothing but itself.

    >>> ascii_domain("BÜCHER.example.")
    'xn--bcher-kva.example'
    """
    lowered = domain.casefold() if not domain.isascii() else domain.lower()
    lowered = lowered.removesuffix(".")
    if lowered.isascii():
        return lowered
    try:
        # The full stop of another script becomes a dot only now.
        return domain.removesuffix(".").encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        return lowered


def domain_of(address: str) -> str:
    """Return the domain of an SMTP address as :func:`ascii_domain` gives it.

    The text after the last ``@``; an address without one has the empty domain.

    >>> domain_of('"a@b"@Contoso.COM')
    'contoso.com'
    """
    return ascii_domain(address.rpartition("@")[2]) if "@" in address else ""
