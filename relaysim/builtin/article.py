"""The article's server: the connector "CRM Application" for two web servers, in three forms.

Source: SEED.
"""

from relaysim.builtin.fresh import fresh_server
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism, ReceiveConnector, TransportRole
from relaysim.model.defaults import default_message_size
from relaysim.model.edit import add_connector
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import Organization
from relaysim.model.principals import ANONYMOUS_LOGON
from relaysim.model.rights import Right
from relaysim.model.version import ExchangeVersion
from relaysim.net.notation import parse_range, parse_socket

__all__ = ["both", "option_1", "option_2"]

_RELAY = Ace(ANONYMOUS_LOGON, Right.ACCEPT_ANY_RECIPIENT)
_SECURED = frozenset({AuthMechanism.TLS, AuthMechanism.EXTERNAL_AUTHORITATIVE})
_PLAIN = frozenset({AuthMechanism.TLS})


def option_1(exchange: ExchangeVersion = ExchangeVersion.V2007) -> Organization:
    """Return the article's first option: the connector is externally secured."""
    return _with_connector(exchange, _SECURED, (PermissionGroup.EXCHANGE_SERVERS,), ())


def option_2(exchange: ExchangeVersion = ExchangeVersion.V2007) -> Organization:
    """Return the article's second option: anonymous clients get the one right to relay."""
    return _with_connector(exchange, _PLAIN, (PermissionGroup.ANONYMOUS_USERS,), (_RELAY,))


def both(exchange: ExchangeVersion = ExchangeVersion.V2007) -> Organization:
    """Return both options on one connector, the question in the article's comment."""
    groups = (PermissionGroup.ANONYMOUS_USERS, PermissionGroup.EXCHANGE_SERVERS)
    return _with_connector(exchange, _SECURED, groups, (_RELAY,))


def _with_connector(
    exchange: ExchangeVersion,
    mechanisms: frozenset[AuthMechanism],
    groups: tuple[PermissionGroup, ...],
    extra: tuple[Ace, ...],
) -> Organization:
    server = fresh_server(exchange=exchange)
    acl = tuple(ace for group in groups for ace in server.entries_of(group))
    connector = ReceiveConnector(
        name="CRM Application",
        bindings=(parse_socket("0.0.0.0:25"),),
        remote_ip_ranges=(parse_range("192.168.2.55"), parse_range("192.168.2.56")),
        auth_mechanism=mechanisms,
        acl=acl + extra,
        # Where port 25 belongs to the front end, a connector of the other service cannot have it.
        transport_role=(
            TransportRole.FRONTEND_TRANSPORT
            if exchange.has_front_end
            else TransportRole.HUB_TRANSPORT
        ),
        max_message_size=default_message_size(exchange),
        fqdn=server.fqdn,
    )
    return add_connector(server, connector)
