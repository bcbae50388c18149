"""All Hypothesis generators.

Organizations and sessions are drawn as plain data; `tests.cases` turns them into model values.
Addresses are drawn from the ends of the organization's own ranges and their neighbours, because
mistakes live there.
"""

from tests.strategies.addresses import (
    address_ranges,
    address_sets,
    addresses,
    families,
    intervals,
    networks,
    random_text_near,
    sockets,
    spellings_of,
)
from tests.strategies.cases import (
    plain_access_organizations,
    plain_cases,
    plain_connector,
    plain_message_cases,
    plain_organization,
    plain_selection_cases,
    plain_session,
)
from tests.strategies.organizations import (
    mailboxes,
    plain_aces,
    plain_connectors,
    plain_organizations,
    plain_sessions,
    range_edges,
    range_texts,
    spelled_principals,
)

__all__ = [
    "address_ranges",
    "address_sets",
    "addresses",
    "families",
    "intervals",
    "mailboxes",
    "networks",
    "plain_access_organizations",
    "plain_aces",
    "plain_cases",
    "plain_connector",
    "plain_connectors",
    "plain_message_cases",
    "plain_organization",
    "plain_organizations",
    "plain_selection_cases",
    "plain_session",
    "plain_sessions",
    "random_text_near",
    "range_edges",
    "range_texts",
    "sockets",
    "spelled_principals",
    "spellings_of",
]
