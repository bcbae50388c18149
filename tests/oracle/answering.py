"""Chapter 4: the answers."""

from tests.oracle import tables
from tests.oracle.names import (
    ANTI_SPAM,
    ANY_RECIPIENT,
    ANY_SENDER,
    AUTH_FLAG,
    EXCH50,
    FOREST,
    ORGANIZATION,
    OWN_SENDER,
    ROUTING,
    SIZE_LIMIT,
    SUBMIT,
)
from tests.oracle.saying import assume, held


def decide_auth_as(question, said):
    organization, kind = question["organization"], question["kind"]
    if kind == "anonymous":
        said["auth_as"] = "Anonymous"
        if held(said, AUTH_FLAG):
            assume(said, "O-5", "auth_as", "resolve_p2")
    elif kind == "account":
        said["auth_as"] = "Anonymous" if organization["role"] == "edge" else "Internal"
    elif kind == "partner":
        said["auth_as"] = "Partner"
    elif not held(said, AUTH_FLAG):
        said["auth_as"] = "Anonymous"
    elif organization["role"] == "edge" and said["principals"] in ([tables.HUBS], [tables.EDGES]):
        # An Edge trusts the servers of its subscription, and nobody says that there is one.
        assume(said, "O-5", "auth_as", "resolve_p2")
        said["auth_as"] = "Internal"
    elif organization["role"] == "edge" and said["principals"] != [tables.SECURED]:
        said["auth_as"] = "Anonymous"
    else:
        said["auth_as"] = "Internal"


def answer(question, said):
    organization, connector = question["organization"], question["connector"]
    session, kind = question["session"], question["kind"]
    answers = said["answers"]

    def by_right(name, right, rule):
        granted, because = said["rights"][right][:2]
        answers[name] = (granted, because, rule, right)

    tls_missing = connector["require_tls"] and not session["tls"]
    if tls_missing:
        answers["submit"] = (False, "tls-required", "O-11", None)
    else:
        by_right("submit", SUBMIT, "O-1")

    everything = any(d["name"] == "*" for d in organization["accepted_domains"])
    if tls_missing:
        answers["relay"] = (False, "tls-required", "O-11", None)
    elif not held(said, SUBMIT):
        answers["relay"] = (False, "no-submit", "O-2", SUBMIT)
    elif not held(said, ANY_RECIPIENT) and everything:
        answers["relay"] = (True, "every-domain-accepted", "O-10", None)
    else:
        by_right("relay", ANY_RECIPIENT, "O-2")

    by_right("bypass_anti_spam", ANTI_SPAM, "O-3")
    by_right("bypass_size_limit", SIZE_LIMIT, "O-6")
    by_right("any_sender", ANY_SENDER, "O-7")
    by_right("own_domain_sender", OWN_SENDER, "O-7")
    by_right("keep_routing_headers", ROUTING, "O-8")
    by_right("keep_organization_headers", ORGANIZATION, "O-8")
    by_right("keep_forest_headers", FOREST, "O-8")
    by_right("exch50", EXCH50, "O-9")

    internal = said["auth_as"] == "Internal"
    flag = AUTH_FLAG if kind == "server" else None
    answers["resolve_p2"] = (internal, f"auth-as-{said['auth_as'].lower()}", "O-4", flag)

    if kind == "anonymous" and connector["transport_role"] == "FrontendTransport":
        for name, right in [("any_sender", ANY_SENDER), ("own_domain_sender", OWN_SENDER)]:
            if not held(said, right):
                answers[name] = (True, "front-end-not-enforced", "O-7a", right)

    # On a 2007 Edge nobody is sure that the group ExchangeUsers exists at all.
    if kind == "account" and organization["role"] == "edge" and organization["exchange"] == "2007":
        rest_on_it = []
        for name, (yes, _because, _rule, right) in answers.items():
            if yes and right is not None and said["rights"][right][3] == "ExchangeUsers":
                rest_on_it.append(name)
        if rest_on_it:
            assume(said, "G-6", *rest_on_it)
