"""Accepted domains found by look-up are those found by comparing with every one."""

from hypothesis import given
from hypothesis import strategies as st

from relaysim.model.directory.domains import AcceptedDomain, DomainTable, DomainType, ascii_domain

LABELS = st.sampled_from(["contoso", "mail", "com", "example", "BÜCHER", "bücher", ""])
NAMES = st.lists(LABELS, min_size=1, max_size=4).map(".".join)
DOMAINS = st.builds(
    AcceptedDomain,
    name=st.one_of(st.just("*"), NAMES.filter(bool), NAMES.filter(bool).map("*.{}".format)),
    type=st.sampled_from(DomainType),
    match_sub_domains=st.booleans(),
)


@given(st.lists(DOMAINS, max_size=6), st.lists(NAMES, min_size=1, max_size=4))
def test_the_look_up_finds_what_every_comparison_finds(domains, names):
    table = DomainTable(domains)
    for name in [*names, *(f"sub.{domain.name.removeprefix('*.')}" for domain in domains)]:
        asked = ascii_domain(name)
        assert table.matching(asked) == [one for one in domains if one.matches(asked)]
