"""Verdicts made once and used again, for readings of many addresses or many questions."""

from dataclasses import fields
from operator import attrgetter

from relaysim.engine.evaluate import Admission, Verdict, admit, judge_message
from relaysim.model.connector import ReceiveConnector
from relaysim.model.organization import Organization
from relaysim.model.session import Session

__all__ = ["Admissions", "Judge"]

_ADMISSIONS_KEPT = 4096
_WITHOUT_POLICY = ("name", "enabled", "bindings", "remote_ip_ranges", "acl")
_settings = attrgetter(
    *(field.name for field in fields(ReceiveConnector) if field.name not in _WITHOUT_POLICY)
)


class Admissions:
    """What connectors make of clients before their messages, kept for the next message.

    Forgets everything when it holds too much, so that it takes bounded memory.
    """

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self._kept: dict[object, Admission] = {}

    def admission(self, connector: ReceiveConnector, session: Session) -> Admission:
        """Return what :func:`~relaysim.engine.evaluate.admit` returns."""
        client = session.auth, session.tls, session.user, session.groups
        key = policy(connector), client
        found = self._kept.get(key)
        if found is None:
            found = admit(self.organization, connector, session)
            if _leaves_unnamed(connector, found.verdict):
                if len(self._kept) >= _ADMISSIONS_KEPT:
                    self._kept.clear()
                self._kept[key] = found
        return found


class Judge:
    """The verdicts of an organization's connectors on sessions of one shape.

    Connectors that differ only in name, ranges and bindings share one verdict, unless it mentions
    a name.
    """

    def __init__(self, admissions: Admissions, session: Session) -> None:
        self._admissions, self._session = admissions, session
        self._kept: dict[object, Verdict] = {}

    def verdict(self, connector: ReceiveConnector) -> Verdict:
        """Return what :func:`~relaysim.engine.evaluate.judge` returns."""
        key = policy(connector)
        found = self._kept.get(key)
        if found is None:
            admission = self._admissions.admission(connector, self._session)
            found = judge_message(admission, self._session)
            if _leaves_unnamed(connector, found):
                self._kept[key] = found
        return found


def policy(connector: ReceiveConnector) -> tuple[object, ...]:
    """Return a key that is equal for connectors that judge alike; valid while they live.

    Everything but name, bindings and ranges counts; access control lists count by identity,
    because comparing them would cost as much as judging.
    """
    return (*_settings(connector), id(connector.acl))


def _leaves_unnamed(connector: ReceiveConnector, verdict: Verdict) -> bool:
    texts = [a.text for a in verdict.assumptions] + [note.text for note in verdict.notes]
    return not any(connector.name in text for text in texts)
