"""Verdicts made once and used again, for readings of many addresses or many questions."""

from relaysim.engine.compiled.memo import Room, bytes_of
from relaysim.engine.compiled.policies import Policies, names_connector
from relaysim.engine.evaluate import Admission, admit, judge_message
from relaysim.engine.identity import Identity, identify
from relaysim.engine.standing import client_proxy
from relaysim.engine.variants import newest, possible_versions, variants_of
from relaysim.engine.worlds import (
    KnownWorlds,
    hangs_on_place,
    hangs_on_version_alone,
    is_entangled,
    is_partial,
    verdict_on,
)
from relaysim.lean import replace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Refusal, Undecided, Verdict
from relaysim.model.organization import Organization
from relaysim.model.session import Session
from relaysim.net.address import Address

__all__ = ["Admissions", "Judge"]

_ADMISSION = 4096
"""Bytes of an admission, about: the grants of all rights, the answers and the notes."""
_IDENTITY = 400
"""Bytes of who a client is, about, beside its names."""
_KEY = 500
"""Bytes of what is equal for connectors that make the same of a client, with where it is kept."""
_ROOM = 16 << 20


class Admissions:
    """What connectors make of clients before their messages, kept for the next message.

    Connectors that differ only in name, ranges, bindings and entries for others make the same of a
    client, and share it, unless it names the connector.

    Args:
        organization: The organization.
        policies: Its policies.
        room: Where the bytes come from.
    """

    def __init__(
        self,
        organization: Organization,
        policies: Policies | None = None,
        room: Room | None = None,
    ) -> None:
        self.organization = organization
        self.policies = policies or Policies(organization)
        self._room = room or Room(_ROOM)
        self._is_partial: bool | None = None
        self._is_entangled: bool | None = None
        self._hangs_on_place: bool | None = None
        self._is_proxy_known: bool | None = None
        self._versions: tuple[Admissions, ...] | None = None
        self._places: dict[int, int] = {}
        self._kept: dict[object, Admission] = {}
        self._identities: dict[object, Identity] = {}
        self._of_nameless: dict[object, tuple[object, ...]] = {}
        self._room.join(self._kept.clear)
        self._room.join(self._of_nameless.clear)
        self._room.join(self._identities.clear)

    @property
    def is_partial(self) -> bool:
        """Whether something of the organization is not known."""
        if self._is_partial is None:
            self._is_partial = is_partial(self.organization)
        return self._is_partial

    @property
    def is_entangled(self) -> bool:
        """Whether what is not known of one connector counts at the others."""
        if self._is_entangled is None:
            self._is_entangled = self.is_partial and is_entangled(self.organization)
        return self._is_entangled

    @property
    def hangs_on_place(self) -> bool:
        """Whether verdicts hang on the port and the local address that a client came to."""
        if self._hangs_on_place is None:
            self._hangs_on_place = self.is_partial and hangs_on_place(self.organization)
        return self._hangs_on_place

    def placed(self, session: Session, port: int, local_ip: Address | None) -> Session:
        """Return a session as it is judged at a place; itself where the place does not count."""
        if not self.hangs_on_place:
            return session
        return replace(session, port=port, local_ip=local_ip)

    def is_settled(self, connector: ReceiveConnector) -> bool:
        """Tell whether a verdict of this connector hangs on nothing that is not known."""
        if not self.is_partial:
            return True
        if connector.unknown or self.is_entangled:
            return False
        if self._is_proxy_known is None:
            proxy = client_proxy(newest(self.organization))
            self._is_proxy_known = proxy is None or not proxy.unknown
        return self._is_proxy_known or not connector.is_front_end

    def is_shared(self, connector: ReceiveConnector, session: Session) -> bool:
        """Tell whether all connectors with the same :meth:`key` share their verdict on a session.

        They do where nothing unknown counts, and where only the version does: then each of those
        it may be makes the same of them.
        """
        return self.is_settled(connector) or (session.size is None and bool(self._of_versions()))

    def is_entangled_for(self, session: Session) -> bool:
        """Tell whether what is not known of one connector counts at the others for a session."""
        return self.is_entangled and not (session.size is None and self._of_versions())

    def _of_versions(self) -> "tuple[Admissions, ...]":
        """Return the same of each version that it may be, where nothing else is unknown."""
        if self._versions is None:
            self._versions = ()
            if hangs_on_version_alone(self.organization):
                variants = variants_of(self.organization)
                versions = possible_versions(self.organization)
                self._versions = tuple(
                    Admissions(variants.known(version), room=self._room) for version in versions
                )
                self._places = {id(c): n for n, c in enumerate(self.organization.connectors)}
        return self._versions

    def admission(self, connector: ReceiveConnector, session: Session) -> Admission:
        """Return what :func:`~relaysim.engine.evaluate.admit` returns."""
        key = self.key(connector, session), session.user, session.groups
        found = self._kept.get(key)
        if found is None:
            found = admit(self.organization, connector, session)
            self._room.take(_ADMISSION)
            self._kept[key] = found
        return found

    def key(self, connector: ReceiveConnector, session: Session) -> tuple[object, ...]:
        """Return what is equal for connectors that make the same of this client."""
        versions = self._of_versions()
        if versions:
            place = self._places[id(connector)]
            return tuple(one.key(one.organization.connectors[place], session) for one in versions)
        policy = self.policies.of(connector)
        name = connector.name if names_connector(connector, session) else None
        # What a connector makes of a client without a name mostly hangs on what many have alike.
        nameless = session.user is None and not session.groups
        alike = policy.common, name, session.auth, session.tls, session.cert
        if nameless:
            known = self._of_nameless.get(alike)
            if known is not None:
                return known
        # Who a client is hangs on settings, and on nothing else of a connector.
        who = policy.settings, session.auth, session.tls, session.user, session.groups, session.cert
        identity = self._identities.get(who)
        if identity is None:
            identity = identify(self.organization, connector, session)
            self._room.take(_IDENTITY + bytes_of((session.user, session.groups, session.cert)))
            self._identities[who] = identity
        key = (
            policy.key(identity.principals),
            name,
            session.auth,
            session.tls,
            identity.trusted_cert,
        )
        if nameless and self.policies.exchanges_own.issuperset(identity.principals):
            self._room.take(_KEY + bytes_of((name, session.cert)))
            self._of_nameless[alike] = key
        return key

    def class_of(self, connector: ReceiveConnector) -> object:
        """Return what is equal for connectors that make the same of clients without a name.

        They do where they share their verdicts (:meth:`is_shared`), and name no connector in them.
        """
        versions = self._of_versions()
        if versions:
            place = self._places[id(connector)]
            return tuple(one.class_of(one.organization.connectors[place]) for one in versions)
        return self.policies.of(connector).common


class Judge:
    """The verdicts of an organization's connectors on sessions of one shape."""

    def __init__(self, admissions: Admissions, session: Session) -> None:
        self._admissions, self._session = admissions, session
        self._kept: dict[object, Verdict] = {}
        self._worlds = KnownWorlds()

    def nobody(self, refusal: Refusal | None, undecided: Undecided | None) -> Verdict:
        """Return the verdict on a session that no connector answers as far as is listed."""
        organization = self._admissions.organization
        return verdict_on(
            organization,
            None,
            self._session,
            refusal=refusal,
            undecided=undecided,
            known=self._worlds,
        )

    def verdict(self, connector: ReceiveConnector) -> Verdict:
        """Return what :func:`~relaysim.engine.evaluate.judge` returns."""
        if not self._admissions.is_shared(connector, self._session):
            # What is not known is named with its connector, so that no two share a verdict.
            found = self._kept.get(connector.name)
            if found is None:
                found = verdict_on(
                    self._admissions.organization, connector, self._session, known=self._worlds
                )
                self._kept[connector.name] = found
            return found
        key = self._admissions.key(connector, self._session)
        found = self._kept.get(key)
        if found is None:
            if self._admissions.is_settled(connector):
                admission = self._admissions.admission(connector, self._session)
                found = judge_message(admission, self._session)
            else:
                found = verdict_on(self._admissions.organization, connector, self._session)
            self._kept[key] = found
        return found
