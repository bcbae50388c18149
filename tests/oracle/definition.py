"""What a receive connector answers, said as plainly as possible.

Plain dictionaries, lists and loops: no speed, no cleverness and nothing of the package. The
chapters follow the page "How an answer is made"; README.md beside this file says the shapes.
"""

from tests.oracle.answering import answer, decide_auth_as
from tests.oracle.choosing import choose_connector
from tests.oracle.conversation import converse
from tests.oracle.identity import identify
from tests.oracle.names import SUBMIT
from tests.oracle.rights import rights_on
from tests.oracle.saying import held, nothing_said, refuse, say_no, say_nothing_is_known


def decide(organization, session):
    """Return everything there is to say about one session."""
    said = nothing_said()
    version = organization["exchange"]

    connector = choose_connector(organization, session, said)
    if said["undecided"] is not None:
        say_nothing_is_known(said, version)
        say_no(said, "undecided", said["undecided"]["rule"], None)
        return said

    kind = None
    if said["refusal"] is None:
        kind = identify(organization, connector, session, said)
    if said["refusal"] is not None:
        say_nothing_is_known(said, version)
        refusal = said["refusal"]
        say_no(said, refusal["because"], refusal["rule"], refusal["right"])
        return said

    said["rights"] = rights_on(organization, connector, said["principals"])
    if kind == "account" and not held(said, SUBMIT):
        reply = "535 5.7.3 Authentication unsuccessful"
        why = {"because": "auth-without-submit", "rule": "I-7", "right": SUBMIT}
        refuse(said, "AUTH", reply, **why)
        say_no(said, **why)
        return said

    question = {
        "organization": organization,
        "connector": connector,
        "session": session,
        "kind": kind,
    }
    decide_auth_as(question, said)
    answer(question, said)
    converse(question, said)
    return said
