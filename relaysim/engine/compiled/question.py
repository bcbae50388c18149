"""One question of very many: a session as a plain tuple, texts where they come as texts."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from relaysim.model.session import AuthKind, Session, parse_auth, shape_fields
from relaysim.net.address import Address, parse_address

__all__ = ["Question", "texts"]


class Question(NamedTuple):
    """One question: a client, and the fields of :class:`~relaysim.model.session.SessionShape`.

    Addresses and ``auth`` may be text. Equal texts are found fastest, so write alike what is alike.
    """

    ip: str | Address
    auth: str | AuthKind = AuthKind.NONE
    tls: bool = False
    port: int = 25
    local_ip: str | Address | None = None
    user: str | None = None
    groups: tuple[str, ...] = ()
    cert: str | None = None
    mail_from: str | None = None
    header_from: str | None = None
    rcpt_to: tuple[str, ...] = ()
    size: int | None = None

    @classmethod
    def of(cls, session: Session) -> "Question":
        """Return the question that asks about a session."""
        return cls(session.ip, *(getattr(session, name) for name in shape_fields()))

    def session(self) -> Session:
        """Return the question with everything parsed.

        Raises:
            InvalidInput: ``ip``, ``local_ip`` or ``auth`` is nothing of the kind.
        """
        facts = self._asdict()
        for name in ("ip", "local_ip"):
            if isinstance(facts[name], str):
                facts[name] = parse_address(facts[name])
        if isinstance(self.auth, str):
            facts["auth"] = parse_auth(self.auth)
        facts |= {"groups": texts(self.groups), "rcpt_to": texts(self.rcpt_to)}
        return Session(**facts)


def texts(values: Any) -> Any:  # noqa: ANN401  # what is nothing of the kind stays as it is
    """Return texts as a tuple; one text is surely meant as one address, not as its characters."""
    if isinstance(values, str):
        return (values,)
    if isinstance(values, Mapping | bytes) or not isinstance(values, Iterable):
        return values  # It is refused where sessions look at their fields.
    return values if isinstance(values, tuple) else tuple(values)
