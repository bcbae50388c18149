"""MAIL FROM and RCPT TO, as a dialogue."""

from relaysim.engine.outcome import check_recipient, check_size, check_submit
from relaysim.model.decision import Assumption, Stage
from relaysim.model.organization import domain_of
from relaysim.model.rights import Right
from relaysim.smtp import replies as words
from relaysim.smtp.commands import Envelope, parse_envelope
from relaysim.smtp.connection import Connection, Mail, answer, granted, refuse
from relaysim.smtp.paths import SmtpPath
from relaysim.smtp.record import CommandReply, SmtpStage, Why

__all__ = ["on_mail", "on_rcpt"]

_BODIES = ("7BIT", "8BITMIME", "BINARYMIME")
_FROM_NEEDS = {
    "SIZE": "SIZE",
    "BODY": "8BITMIME",
    "RET": "DSN",
    "ENVID": "DSN",
    "SMTPUTF8": "SMTPUTF8",
    "AUTH": "",
}
"""Parameters of MAIL FROM, and the EHLO keyword each needs."""
_TO_NEEDS = {"NOTIFY": "DSN", "ORCPT": "DSN"}

_MEANINGS = {
    "route": "the source route is not used: the address at its end decides",
    "percent": "`%` in the local part is an ordinary character, nothing is routed on by it",
    "bang": "`!` in the local part is an ordinary character, nothing is routed on by it",
    "quoted": "what stands inside quotes is a local part, whatever it looks like",
    "literal": "an address literal is no accepted domain",
    "international": "an address beyond ASCII is judged by its domain, whatever EHLO offered",
}


def on_mail(talk: Connection, argument: str, line: str) -> CommandReply:
    """Answer MAIL FROM: TLS, Submit, size, in this order; the sender is judged at end of data."""
    moment = SmtpStage.MAIL_FROM
    if not talk.greeted:
        return answer(
            talk, moment, line, words.SEND_HELLO, Why("MAIL FROM comes after EHLO or HELO", "D-1")
        )
    if talk.mail is not None:
        return answer(
            talk, moment, line, words.SENDER_SPECIFIED, "a mail transaction is open", assumed=True
        )
    found = check_submit(talk.standing)
    if found.refusal is not None:
        return refuse(talk, moment, line, found.refusal, assumptions=found.assumptions)
    envelope = parse_envelope(argument, "FROM")
    wrong = _problem(talk, moment, line, envelope, _FROM_NEEDS)
    if wrong is not None:
        return wrong
    path = _with_domain(talk, envelope.path)
    if "no-domain" in path.traits:
        why = "the sender has no domain"
        return answer(talk, moment, line, words.BAD_SENDER, why, assumed=True)
    size = envelope.value("SIZE")
    refusal = check_size(talk.standing, int(size) if size else None, Stage.MAIL_FROM)
    if refusal is not None:
        return refuse(talk, moment, line, refusal)
    talk.mail = Mail(path, untrusted=envelope.value("AUTH") == "<>")
    text = "the session may submit; the sender is judged at end of data"
    why_ok = granted(talk, Right.SUBMIT, "O-1", text)
    return answer(talk, moment, line, words.SENDER_OK, why_ok, assumptions=_meanings(path))


def on_rcpt(talk: Connection, argument: str, line: str) -> CommandReply:
    """Answer RCPT TO: the number of recipients, then whether this one may be relayed to."""
    moment = SmtpStage.RCPT_TO
    mail = talk.mail
    if mail is None:
        if not talk.greeted:
            return answer(
                talk, moment, line, words.SEND_HELLO, Why("RCPT TO comes after EHLO", "D-1")
            )
        return answer(
            talk, moment, line, words.NEED_MAIL, Why("RCPT TO comes after MAIL FROM", "D-1")
        )
    envelope = parse_envelope(argument, "TO")
    wrong = _problem(talk, moment, line, envelope, _TO_NEEDS)
    if wrong is not None:
        return wrong
    path = _with_domain(talk, envelope.path)
    if "null" in path.traits or "no-domain" in path.traits:
        why = "a recipient without a domain is nobody's, and never local by its looks"
        return answer(talk, moment, line, words.BAD_RECIPIENT, Why(why, "D-3"), assumed=True)
    found = check_recipient(talk.standing, path.mailbox, len(mail.recipients))
    assumptions = _meanings(path) + found.assumptions
    if found.refusal is not None:
        return refuse(talk, moment, line, found.refusal, assumptions=assumptions, notes=found.notes)
    mail.recipients.append(path.mailbox)
    return answer(
        talk,
        moment,
        line,
        words.RECIPIENT_OK,
        _why_taken(talk, path.mailbox),
        assumptions=assumptions,
    )


def _problem(
    talk: Connection, moment: SmtpStage, line: str, envelope: Envelope, needs: dict[str, str]
) -> CommandReply | None:
    """Return the answer to an argument that is malformed, or ``None``."""
    bad = words.BAD_SENDER if moment is SmtpStage.MAIL_FROM else words.BAD_RECIPIENT
    if envelope.problem:
        return answer(talk, moment, line, words.BAD_ARGUMENTS, envelope.problem, assumed=True)
    if envelope.path.problem:
        return answer(talk, moment, line, bad, envelope.path.problem, assumed=True)
    for name, value in envelope.parameters:
        needed = needs.get(name)
        if needed is None or (needed and not talk.offers(needed)):
            why = (
                f"the parameter {name} is not known here"
                if needed is None
                else (f"the parameter {name} needs {needed}, which EHLO does not offer")
            )
            return answer(talk, moment, line, words.BAD_PARAMETER, why, assumed=True)
        if name == "SIZE" and not (value.isascii() and value.isdigit() and len(value) < 20):
            why = "SIZE= needs a number of bytes"
            return answer(talk, moment, line, words.BAD_ARGUMENTS, why, assumed=True)
        if name == "BODY" and value.upper() not in _BODIES:
            why = f"BODY= is one of {', '.join(_BODIES)}"
            return answer(talk, moment, line, words.BAD_ARGUMENTS, why, assumed=True)
    return None


def _with_domain(talk: Connection, path: SmtpPath) -> SmtpPath:
    """Append DefaultDomain to a plain name without a domain, and to nothing that only looks odd.

    Source: PS565.
    """
    default = talk.connector.default_domain
    if not default or path.traits != ("no-domain",):
        return path
    return path._replace(mailbox=f"{path.local}@{default}", domain=default, traits=())


def _meanings(path: SmtpPath) -> tuple[Assumption, ...]:
    if not path.traits or path.traits == ("null",):
        return ()
    return tuple(
        Assumption("D-3", _MEANINGS[trait], ("refusal",))
        for trait in path.traits
        if trait in _MEANINGS
    )


def _why_taken(talk: Connection, mailbox: str) -> Why:
    domain = domain_of(mailbox)
    if talk.organization.is_accepted(domain):
        return Why(f"`{domain}` is an accepted domain: this is no relaying", "O-10")
    text = f"`{domain}` is no accepted domain, and the session may relay"
    return granted(talk, Right.ACCEPT_ANY_RECIPIENT, "O-2", text)
