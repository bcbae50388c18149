"""What has been said so far: the dictionary that the chapters fill in."""

from typing import Any

from tests.oracle import tables

ANSWERS = [
    "submit",
    "relay",
    "bypass_anti_spam",
    "resolve_p2",
    "bypass_size_limit",
    "any_sender",
    "own_domain_sender",
    "keep_routing_headers",
    "keep_organization_headers",
    "keep_forest_headers",
    "exch50",
]


def nothing_said():
    said: dict[str, Any] = {
        "connector": None,
        "range": None,
        "binding": None,
        "lost": {},
        "principals": [],
        "rights": {},
        "answers": {},
        "auth_as": None,
        "refusal": None,
        "assumptions": set(),
        "undecided": None,
    }
    return said


def refuse(said, stage, reply, *, because, rule, right=None, recipient=None):
    said["refusal"] = {
        "stage": stage,
        "reply": reply,
        "because": because,
        "rule": rule,
        "right": right,
        "recipient": recipient,
    }


def assume(said, rule, *affects):
    said["assumptions"].add((rule, tuple(sorted(affects))))


def say_no(said, because, rule, right):
    # Of a question that cannot be answered, "no" would be as wrong as "yes".
    told = None if because == "undecided" else False
    for name in ANSWERS:
        said["answers"][name] = (told, because, rule, right)


def say_nothing_is_known(said, version):
    said["principals"] = []
    for name in tables.rights_of_version(version):
        said["rights"][name] = (False, "no-identity", None, None, None)


def held(said, right):
    return said["rights"][right][0]
