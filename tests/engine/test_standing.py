"""Which accepted domain decides what a sender is."""

import pytest

from relaysim.engine.standing import classify_sender, is_contested
from relaysim.model.organization import AcceptedDomain, DomainType, one_server

ORGANIZATION = one_server(
    accepted_domains=(
        AcceptedDomain(name="*.contoso.com"),
        AcceptedDomain(name="lab.contoso.com", type=DomainType.INTERNAL_RELAY),
        AcceptedDomain(name="*.lab.contoso.com", type=DomainType.EXTERNAL_RELAY),
    )
)


@pytest.mark.parametrize(
    ("domain", "expected", "contested"),
    [
        ("contoso.com", DomainType.AUTHORITATIVE, False),
        ("x.contoso.com", DomainType.AUTHORITATIVE, False),
        ("LAB.contoso.com", DomainType.INTERNAL_RELAY, True),
        ("x.lab.contoso.com", DomainType.EXTERNAL_RELAY, True),
        ("example.net", None, False),
    ],
)
def test_the_most_specific_accepted_domain_decides(domain, expected, contested):
    assert classify_sender(ORGANIZATION, domain) is expected
    assert is_contested(ORGANIZATION, domain) is contested
