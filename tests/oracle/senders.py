"""Chapter 6: the sender."""

import functools

from tests.oracle.identity import find_account
from tests.oracle.names import ANY_SENDER, OWN_SENDER
from tests.oracle.saying import assume, refuse


def check_sender(question, said, address, rights):
    """Refuse the sender address at end of data where it is not permitted."""
    organization, connector = question["organization"], question["connector"]
    session, kind = question["session"], question["kind"]
    what = sender_class(organization, address)
    edge = organization["role"] == "edge"
    any_sender = rights[ANY_SENDER][0]
    own_sender = rights[OWN_SENDER][0]
    reply = client_reply(organization)
    rule = "O-7"

    if kind == "anonymous":
        if connector["transport_role"] == "FrontendTransport":
            return
        reply = "550 5.7.1 Anonymous client does not have permissions to send as this sender"
        if what == "relay" and not own_sender and is_internal_relay(organization, address):
            assume(said, "O-7", "refusal")

    asked_for = kind != "account" and what != "foreign" and not own_sender
    if asked_for and is_contested(organization, address):
        assume(said, "O-7", "refusal")

    if what == "foreign":
        permitted, right = any_sender, ANY_SENDER
        if not organization["accepted_domains"] and not (any_sender and own_sender):
            assume(said, "O-10", "refusal")
    elif what == "relay" and kind != "account":
        permitted, right = True, None
    else:
        permitted, right = own_sender, OWN_SENDER

    if kind == "account" and what != "foreign" and not permitted:
        if edge:
            rule = "O-7b"
        else:
            if what == "relay":
                assume(said, "O-7", "refusal")
            account = find_account(organization, session)
            if account is None and (session["user"] or "").endswith("$"):
                account = {"addresses": [], "send_as": []}
            if account is None:
                said["undecided"] = {"rule": "O-7", "fact": "--user"}
                return
            for own in account["addresses"] + account["send_as"]:
                if same_address(own, address):
                    permitted = True

    if not permitted:
        if kind == "partner":
            assume(said, "O-7", "refusal")
        refuse(said, "end of data", reply, because="sender-not-permitted", rule=rule, right=right)


def client_reply(organization):
    if organization["exchange"] in ("2016", "2019", "SE"):
        return "550 5.7.60 SMTP; Client does not have permissions to send as this sender"
    return "550 5.7.1 Client does not have permissions to send as this sender"


def sender_class(organization, address):
    types = accepting(organization, domain_of(address))
    if not types:
        return "foreign"
    return "authoritative" if types[0] == "Authoritative" else "relay"


def is_internal_relay(organization, address):
    return accepting(organization, domain_of(address))[0] == "InternalRelay"


def is_contested(organization, address):
    types = accepting(organization, domain_of(address))
    return "Authoritative" in types and set(types) != {"Authoritative"}


def accepting(organization, domain):
    """Return the types of the accepted domains that match, the most specific one first."""
    found = []
    for accepted in organization["accepted_domains"]:
        name = accepted["name"]
        subdomains = accepted["match_sub_domains"] or name.startswith("*.")
        plain = plain_domain(name.removeprefix("*."))
        if name == "*" or domain == plain or (subdomains and domain.endswith("." + plain)):
            length = 0 if name == "*" else len(plain)
            place = ["Authoritative", "InternalRelay", "ExternalRelay"].index(accepted["type"])
            found.append((-length, name.startswith("*"), place, accepted["type"]))
    return [entry[-1] for entry in sorted(found)]


def domain_of(address):
    return plain_domain(address.rsplit("@", 1)[1])


@functools.cache
def plain_domain(domain):
    name = domain.removesuffix(".").encode("idna").decode("ascii").lower()
    return name.removesuffix(".")


def same_address(one, other):
    one_local, one_domain = one.rsplit("@", 1)
    other_local, other_domain = other.rsplit("@", 1)
    same_local = one_local.casefold() == other_local.casefold()
    return same_local and plain_domain(one_domain) == plain_domain(other_domain)
