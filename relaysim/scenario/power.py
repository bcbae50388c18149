"""What a step that changes something does to power, held against what is expected of it.

Compared exactly, as ``relaysim diff`` does: every address, endpoint, TLS state and identity.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from relaysim.analysis.compare.change import ChangeKind, Comparison, PowerChange
from relaysim.model.organization import Organization
from relaysim.net.addrset import NOTHING, AddressSet
from relaysim.scenario.reading.allowance import allowed_addresses
from relaysim.scenario.reading.schema import Allowance, PowerExpectation

__all__ = ["PowerBreach", "PowerResult", "breaches_of", "written_changes"]

_KINDS = {
    "widened": ChangeKind.WIDENED,
    "narrowed": ChangeKind.NARROWED,
    "rerouted": ChangeKind.REROUTED,
    "refused_differently": ChangeKind.REFUSED_DIFFERENTLY,
}


class PowerBreach(NamedTuple):
    """One expectation of power that is not met.

    Attributes:
        key: Its key in ``expect``.
        wanted: What is expected.
        changes: What breaks it: changes that are not expected, or that cannot be told.
        missing: Ranges with rights, as written, that were expected and stay as they were.
    """

    key: str
    wanted: bool | tuple[Allowance, ...]
    changes: tuple[PowerChange, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it may be met: nothing is against it but what cannot be told."""
        return bool(self.changes) and not self.missing and _are_open(self.changes)


class PowerResult(NamedTuple):
    """What a step did to power.

    Attributes:
        before: The organization before the step.
        after: The organization after it.
        comparison: The difference.
        breaches: What is expected of it and not so.
    """

    before: Organization
    after: Organization
    comparison: Comparison
    breaches: tuple[PowerBreach, ...] = ()


def breaches_of(expectation: PowerExpectation, comparison: Comparison) -> tuple[PowerBreach, ...]:
    """Return what is expected of a change and is not so, in the order of the file."""
    found = (_breach(key, wanted, comparison) for key, wanted in expectation.facts)
    return tuple(each for each in found if each is not None)


def written_changes(key: str, comparison: Comparison) -> bool | list[str]:
    """Return the value that a scenario would write for a key of what really changed."""
    if key == "equal_power":
        return comparison.equal_power
    if key == "changed":
        return bool(comparison.changes)
    found = [change for change in comparison.changes if change.kind is _KINDS[key]]
    rights: dict[str, AddressSet] = {}
    for change in found:
        rights[change.right] = rights.get(change.right, NOTHING) | change.addresses
    grouped: dict[AddressSet, list[str]] = {}
    for right, addresses in rights.items():
        grouped.setdefault(addresses, []).append(right)
    return [
        ", ".join(map(str, addresses)) + (f":{','.join(sorted(names))}" if names[0] else "")
        for addresses, names in grouped.items()
    ] or False


def _breach(
    key: str,
    wanted: bool | tuple[Allowance, ...],  # noqa: FBT001  # a value of the file
    comparison: Comparison,
) -> PowerBreach | None:
    about = tuple(_about(key, comparison.changes))
    if isinstance(wanted, tuple):
        return _exactly(key, wanted, about)
    if wanted == (key != "equal_power"):
        # Something has to differ, and certainly so.
        return None if about and not _are_open(about) else PowerBreach(key, wanted, about)
    return PowerBreach(key, wanted, about) if about else None


def _about(key: str, changes: Iterable[PowerChange]) -> Iterator[PowerChange]:
    """Yield the changes that a key speaks about, those that cannot be told among them."""
    for change in changes:
        of_kind = change.kind is ChangeKind.CANNOT_TELL or change.kind is _KINDS.get(key)
        if of_kind or key == "changed" or (key == "equal_power" and change.kind.is_power):
            yield change


def _exactly(
    key: str, wanted: tuple[Allowance, ...], about: tuple[PowerChange, ...]
) -> PowerBreach | None:
    extra = []
    for change in about:
        rest = change.addresses
        if change.kind is not ChangeKind.CANNOT_TELL:
            rest -= allowed_addresses(wanted, change.right)
        if rest:
            extra.append(change._replace(addresses=rest))
    missing = []
    for each in wanted:
        for right in sorted(each.rights) or [""]:
            met = NOTHING
            for change in about:
                if change.kind is _KINDS[key] and right in ("", change.right):
                    met |= change.addresses
            if lacking := each.addresses - met:
                ranges = ", ".join(map(str, lacking))
                missing.append(f"{ranges}:{right}" if right else ranges)
    if not extra and not missing:
        return None
    return PowerBreach(key, wanted, tuple(extra), tuple(missing))


def _are_open(changes: Iterable[PowerChange]) -> bool:
    return all(change.kind is ChangeKind.CANNOT_TELL for change in changes)
