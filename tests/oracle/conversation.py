"""Chapter 5: the conversation."""

from tests.oracle.names import ANY_RECIPIENT, SIZE_LIMIT, SUBMIT
from tests.oracle.saying import held, refuse
from tests.oracle.senders import (
    accepting,
    check_sender,
    client_reply,
    domain_of,
    rights_behind,
    sender_class,
)


def converse(question, said):
    """Walk through the session in the order of time and stop at the first refusal."""
    connector, session, kind = question["connector"], question["session"], question["kind"]

    if connector["require_tls"] and not session["tls"]:
        reply = "451 5.7.3 Must issue a STARTTLS command first"
        refuse(said, "MAIL FROM", reply, because="tls-required", rule="O-11")
        return
    if not held(said, SUBMIT):
        reply = "530 5.7.1 Client was not authenticated"
        refuse(said, "MAIL FROM", reply, because="no-submit", rule="O-1", right=SUBMIT)
        return
    if too_big(question, said) and connector["size_enabled"] != "Disabled":
        refuse_size(said, "MAIL FROM")
        return

    envelope = session["mail_from"]
    # A foreign sender of an anonymous client was seen to be refused only at the end of data.
    envelope_waits = False
    if envelope and kind == "anonymous":
        envelope_waits = sender_class(question["organization"], envelope) == "foreign"
    if envelope and not envelope_waits:
        check_sender(question, said, envelope, "MAIL FROM", said["rights"])
        if stopped(said):
            return

    check_recipients(question, said)
    if stopped(said):
        return

    if envelope_waits:
        check_sender(question, said, envelope, "end of data", said["rights"])
        if stopped(said):
            return
    check_header(question, said)
    if stopped(said):
        return
    if too_big(question, said):
        refuse_size(said, "end of data")


def stopped(said):
    return said["refusal"] is not None or said["undecided"] is not None


def too_big(question, said):
    size = question["session"]["size"]
    limit = question["connector"]["max_message_size"]
    return size is not None and size > limit and not held(said, SIZE_LIMIT)


def refuse_size(said, stage):
    reply = "552 5.3.4 Message size exceeds fixed maximum message size"
    refuse(said, stage, reply, because="size-exceeded", rule="O-12", right=SIZE_LIMIT)


def check_recipients(question, said):
    organization, connector = question["organization"], question["connector"]
    # The first refusal ends the walk, so every recipient before this one was taken.
    for taken, recipient in enumerate(question["session"]["rcpt_to"]):
        if taken >= connector["max_recipients_per_message"]:
            reply = "452 4.5.3 Too many recipients"
            why = {"because": "too-many-recipients", "rule": "O-12"}
            refuse(said, "RCPT TO", reply, **why, recipient=recipient)
            return
        accepted = accepting(organization, domain_of(recipient)) != []
        if not accepted and not held(said, ANY_RECIPIENT):
            reply = "550 5.7.1 Unable to relay"
            if organization["exchange"] in ("2016", "2019", "SE"):
                reply = "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"
            why = {"because": "not-accepted-domain", "rule": "O-2", "right": ANY_RECIPIENT}
            refuse(said, "RCPT TO", reply, **why, recipient=recipient)
            return


def check_header(question, said):
    """Judge the From header, which repeats the envelope sender unless it is given."""
    organization, session, kind = question["organization"], question["session"], question["kind"]
    header = session["header_from"]
    if header is None:
        header = session["mail_from"]
        if header == "":
            # A bounce has no sender to repeat.
            return
    if header == "" and kind == "account":
        reply = client_reply(organization)
        refuse(said, "end of data", reply, because="no-from-header", rule="O-7")
        return
    if header:
        rights = said["rights"]
        if kind == "account" and question["connector"]["transport_role"] == "FrontendTransport":
            rights = rights_behind(organization, said)
        check_sender(question, said, header, "end of data", rights)
