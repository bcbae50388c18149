"""Chapter 5: the conversation."""

from tests.oracle.names import ANY_RECIPIENT, SIZE_LIMIT, SUBMIT
from tests.oracle.rights import rights_on
from tests.oracle.saying import assume, held, refuse
from tests.oracle.senders import accepting, check_sender, client_reply, domain_of
from tests.oracle.tables import SECURED


def converse(question, said):
    """Walk through the session in the order of time and stop at the first refusal."""
    connector, session = question["connector"], question["session"]

    if connector["require_tls"] and not session["tls"]:
        reply = "451 5.7.3 Must issue a STARTTLS command first"
        refuse(said, "MAIL FROM", reply, because="tls-required", rule="O-11")
        return
    if not held(said, SUBMIT):
        reply = "530 5.7.1 Client was not authenticated"
        if question["organization"]["exchange"] in ("2016", "2019", "SE"):
            reply = (
                "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during "
                "MAIL FROM"
            )
            if question["organization"]["exchange"] != "2019":
                assume(said, "O-1", "refusal")
        refuse(said, "MAIL FROM", reply, because="no-submit", rule="O-1", right=SUBMIT)
        return
    if too_big(question, said) and connector["size_enabled"] != "Disabled":
        refuse_size(said, "MAIL FROM")
        return

    check_recipients(question, said)
    if stopped(said):
        return

    # The message is there: only now do its senders count, that of the envelope first.
    rights = said["rights"]
    if connector["transport_role"] == "FrontendTransport":
        rights = hand_on(question, said)
        if stopped(said):
            return
    check_envelope(question, said, rights)
    if stopped(said):
        return
    check_header(question, said, rights)
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
            if not organization["accepted_domains"]:
                assume(said, "O-10", "refusal")
            refuse(said, "RCPT TO", reply, **why, recipient=recipient)
            return


def hand_on(question, said):
    """Find who takes the message behind a front end; return the rights that judge its senders."""
    organization, kind = question["organization"], question["kind"]
    connectors, server = organization["connectors"], organization["server"]
    if kind == "account":
        rule, behind = "P-2", hub_connector(connectors, f"Client Proxy {server}")
    elif kind == "anonymous" or said["principals"] == [SECURED]:
        rule, behind = "P-1", hub_connector(connectors, f"Default {server}")
        if behind is None and another_takes_it(organization):
            # Nobody says that both servers stand in one site.
            assume(said, "P-1", "refusal")
            return said["rights"]
        if all(each["transport_role"] == "FrontendTransport" for each in connectors):
            # The list stops at the front end; the server cannot.
            assume(said, "P-1", "refusal")
            return said["rights"]
    else:
        return said["rights"]
    if behind is None:
        assume(said, rule, "refusal")
        reply = "451 4.7.0 Temporary server error. Please try again later."
        refuse(said, "end of data", reply, because="no-back-end", rule=rule)
        return said["rights"]
    if kind == "account":
        return rights_on(organization, behind, said["principals"])
    return said["rights"]


def another_takes_it(organization):
    """Tell whether another server of the organization has a back end that takes mail."""
    for other in organization.get("others", []):
        # Before 2013 there was no back end, and an Edge stands in no site.
        if other["role"] == "edge" or other["exchange"] in ("2007", "2010"):
            continue
        if hub_connector(other["connectors"], f"Default {other['name']}") is not None:
            return True
    return False


def hub_connector(connectors, name):
    for connector in connectors:
        if (
            connector["name"].casefold() == name.casefold()
            and connector["enabled"]
            and connector["transport_role"] == "HubTransport"
        ):
            return connector
    return None


def check_envelope(question, said, rights):
    if question["session"]["mail_from"]:
        check_sender(question, said, question["session"]["mail_from"], rights)


def check_header(question, said, rights):
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
        check_sender(question, said, header, rights)
