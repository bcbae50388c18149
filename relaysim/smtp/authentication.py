"""STARTTLS, AUTH and the authentication of Exchange servers, as a dialogue."""

from base64 import b64decode, b64encode

from relaysim.engine.identity import (
    AUTH_FAILED,
    AUTH_NOT_OFFERED,
    Identity,
    IdentityKind,
    identify,
    submit_refusal,
)
from relaysim.engine.identity import unrecognized as unrecognized_reply
from relaysim.lean import replace
from relaysim.model.connector import AuthMechanism, ReceiveConnector
from relaysim.model.decision import Reason, Refusal, Stage
from relaysim.model.organization import Organization
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind
from relaysim.model.version import ExchangeVersion
from relaysim.smtp import replies as words
from relaysim.smtp.connection import Connection, answer, granted, refuse, unrecognized
from relaysim.smtp.ehlo import exps_words
from relaysim.smtp.ntlm import challenge_for
from relaysim.smtp.record import Client, CommandReply, SmtpStage, Why

__all__ = [
    "TOKEN",
    "base_identity",
    "encode",
    "on_anonymous_tls",
    "on_auth",
    "on_exps",
    "on_starttls",
]

_SERVERS = (AuthKind.EXCHANGE, AuthKind.EDGE, AuthKind.LEGACY)


def encode(text: str) -> str:
    """Return text as AUTH LOGIN sends it.

    >>> encode("app")
    'YXBw'
    """
    return b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii")


TOKEN = encode("(a token)")
"""Stands for an NTLM or Kerberos token, whose bytes nobody looks at."""


def base_identity(
    organization: Organization, connector: ReceiveConnector, client: Client, *, tls: bool
) -> Identity:
    """Return who a session is before AUTH: anonymous, externally secured or a partner."""
    kind = AuthKind.PARTNER if client.auth is AuthKind.PARTNER else AuthKind.NONE
    return identify(organization, connector, replace(client, auth=kind, tls=tls))


def on_starttls(talk: Connection, argument: str, line: str) -> CommandReply:
    """Answer STARTTLS: it encrypts, and forgets who the client was and its EHLO.

    Source: NM145, GSM94, DOKU24.
    """
    moment = SmtpStage.STARTTLS
    if AuthMechanism.TLS not in talk.connector.auth_mechanism:
        plain = replace(talk.client, auth=AuthKind.NONE, tls=True)
        found = identify(talk.organization, talk.connector, plain)
        assert found.refusal is not None  # noqa: S101  # not offered is a refusal
        reply = unrecognized_reply(talk.organization.exchange, line.strip(" \t").partition(" ")[0])
        refusal = found.refusal._replace(reply=reply)
        return refuse(talk, moment, line, refusal, assumptions=found.assumptions)
    if not talk.greeted:
        return answer(talk, moment, line, words.SEND_HELLO, Why("STARTTLS comes after EHLO", "D-1"))
    if argument:
        why = "STARTTLS takes no argument"
        return answer(talk, moment, line, words.BAD_ARGUMENTS, why, assumed=True)
    if talk.tls:
        why = "the session is encrypted already"
        return answer(talk, moment, line, words.BAD_SEQUENCE, why, assumed=True)
    _encrypt(talk)
    why_tls = Why("the connector offers Tls; the client says EHLO again", "I-3")
    return answer(talk, moment, line, words.TLS_READY, why_tls, notes=talk.standing.identity.notes)


def on_anonymous_tls(talk: Connection, argument: str, line: str) -> CommandReply:
    """Answer X-ANONYMOUSTLS, which Exchange servers use among themselves."""
    moment = SmtpStage.STARTTLS
    if argument or not talk.offers("X-ANONYMOUSTLS"):
        return unrecognized(talk, moment, line, "X-ANONYMOUSTLS is not offered now")
    if not talk.greeted:
        return answer(
            talk, moment, line, words.SEND_HELLO, Why("X-ANONYMOUSTLS comes after EHLO", "D-1")
        )
    _encrypt(talk)
    talk.anonymous_tls = True
    why = Why("ExchangeServer authentication offers it; counted as TLS", "I-4")
    return answer(talk, moment, line, words.TLS_READY, why, assumed=True)


def _encrypt(talk: Connection) -> None:
    talk.tls = True
    talk.greeted = False
    talk.authenticated = False
    talk.user = None
    talk.mail = None
    talk.become(base_identity(talk.organization, talk.connector, talk.client, tls=True))


def on_auth(talk: Connection, argument: str, line: str) -> CommandReply:
    """Answer AUTH: refused before anything is asked for, or begun."""
    early = _too_early(talk, line)
    if early is not None:
        return early
    mechanism, _, initial = argument.partition(" ")
    mechanism, initial = mechanism.upper(), initial.strip()
    if not mechanism:
        why = "AUTH names no mechanism"
        return answer(talk, SmtpStage.AUTH, line, words.BAD_ARGUMENTS, why, assumed=True)
    kind = {"LOGIN": AuthKind.BASIC, "NTLM": AuthKind.NTLM, "GSSAPI": AuthKind.NTLM}.get(mechanism)
    if kind is None or (mechanism == "GSSAPI" and not talk.connector.enable_auth_gssapi):
        kind = AuthKind.USER if kind is None else kind
        refusal = Refusal(Stage.AUTH, AUTH_NOT_OFFERED, Reason.AUTH_NOT_OFFERED, "I-3")
        return refuse(talk, SmtpStage.AUTH, line, refusal)
    if kind is AuthKind.NTLM and talk.client.auth is AuthKind.LEGACY:
        kind = AuthKind.LEGACY
    identity = _identity(talk, kind, talk.client.user)
    if identity.refusal is not None:
        return _refuse_identity(talk, line, identity)
    if kind is AuthKind.BASIC:
        return _begin_login(talk, initial, line)
    return _begin_token(talk, mechanism, kind, initial, line)


def on_exps(talk: Connection, argument: str, line: str) -> CommandReply:
    """Answer X-EXPS, the AUTH of Exchange servers."""
    early = _too_early(talk, line)
    if early is not None:
        return early
    mechanism, _, initial = argument.partition(" ")
    mechanism = mechanism.upper()
    offered = exps_words(talk.organization, talk.connector, anonymous_tls=talk.anonymous_tls)
    kind = talk.client.auth if talk.client.auth in _SERVERS else None
    if kind is None:
        if mechanism not in offered:
            why = Why("X-EXPS is not offered with this mechanism", "I-4")
            return unrecognized(talk, SmtpStage.AUTH, line, why)
        return _begin_token(talk, mechanism, None, initial.strip(), line)
    identity = _identity(talk, kind, None)
    if identity.refusal is not None:
        # The sending server reads EHLO, misses X-EXPS, and gives up in its own words.
        return _refuse_identity(talk, line, identity, by_client=True)
    return _begin_token(talk, mechanism or "GSSAPI", kind, initial.strip(), line)


def _too_early(talk: Connection, line: str) -> CommandReply | None:
    if not talk.greeted:
        return answer(
            talk, SmtpStage.AUTH, line, words.SEND_HELLO, Why("AUTH comes after EHLO", "D-1")
        )
    if talk.authenticated:
        why = "the session is authenticated already"
        return answer(talk, SmtpStage.AUTH, line, words.BAD_SEQUENCE, why, assumed=True)
    if talk.mail is not None:
        why = "AUTH is not allowed within a mail transaction"
        return answer(talk, SmtpStage.AUTH, line, words.BAD_SEQUENCE, why, assumed=True)
    return None


def _identity(talk: Connection, kind: AuthKind, user: str | None) -> Identity:
    session = replace(
        talk.client,
        auth=kind,
        user=user if kind.is_account else None,
        groups=talk.client.groups if kind.is_account else (),
        tls=talk.tls,
    )
    return identify(talk.organization, talk.connector, session)


def _refuse_identity(
    talk: Connection, line: str, identity: Identity, *, by_client: bool = False
) -> CommandReply:
    assert identity.refusal is not None  # noqa: S101  # the caller looked
    return refuse(
        talk,
        SmtpStage.AUTH,
        line,
        identity.refusal,
        assumptions=identity.assumptions,
        notes=identity.notes,
        by_client=by_client,
    )


def _begin_login(talk: Connection, initial: str, line: str) -> CommandReply:
    if not initial:
        talk.answering = _take_user
        return _ask(talk, line, words.USERNAME, "LOGIN is offered: the account's name is asked for")
    return _name_given(talk, initial, line)


def _take_user(talk: Connection, line: str) -> CommandReply:
    talk.answering = None
    if line.strip() == "*":
        return _cancelled(talk, line)
    return _name_given(talk, line.strip(), line)


def _name_given(talk: Connection, text: str, line: str) -> CommandReply:
    user = _decode(text)
    if user is None:
        return _no_base64(talk, line)

    def take_password(talk: Connection, line: str) -> CommandReply:
        talk.answering = None
        if line.strip() == "*":
            return _cancelled(talk, line)
        password = _decode(line.strip())
        if password is None:
            return _no_base64(talk, line)
        check = talk.listener.check_password
        if check is not None and not check(user, password):
            why = Why("no such account, or a wrong password", "I-3")
            return answer(talk, SmtpStage.AUTH, line, AUTH_FAILED, why)
        return _finish(talk, AuthKind.BASIC, user or None, line)

    talk.answering = take_password
    return _ask(talk, line, words.PASSWORD, "the password is asked for")


def _begin_token(
    talk: Connection, mechanism: str, kind: AuthKind | None, initial: str, line: str
) -> CommandReply:
    """Start NTLM, which takes two tokens, or Kerberos, which takes one.

    Args:
        talk: The connection.
        mechanism: As the client named it.
        kind: Who it will be, ``None`` for somebody without the credentials of a server.
        initial: A token in the command itself, or ``""``.
        line: The command.
    """
    two = mechanism == "NTLM"
    exps = line.strip(" \t")[:6].upper() == "X-EXPS"

    def finish(talk: Connection, line: str) -> CommandReply:
        talk.answering = None
        if line.strip() == "*":
            return _cancelled(talk, line)
        if two and talk.listener.check_password is not None:
            return _token_unchecked(talk, line, exps=exps)
        return _finish(talk, kind, talk.client.user, line, exps=exps)

    def challenge(talk: Connection, line: str) -> CommandReply:
        if line.strip() == "*":
            talk.answering = None
            return _cancelled(talk, line)
        talk.answering = finish
        text = "the challenge; it is always the same, because nobody checks the answer"
        return _ask(talk, line, f"334 {challenge_for(talk.organization)}", text)

    if initial:
        if two:
            return challenge(talk, line)
        return _finish(talk, kind, talk.client.user, line, exps=exps)
    talk.answering = challenge if two else finish
    return _ask(talk, line, f"334 {mechanism} supported", "the mechanism is offered")


def _token_unchecked(talk: Connection, line: str, *, exps: bool) -> CommandReply:
    """Answer the last token of NTLM where passwords count: its proof is not checked here."""
    reply = words.SERVER_AUTH_FAILED if exps else AUTH_FAILED
    why = Why("NTLM is played up to the challenge: its proof of the password is not checked", "I-3")
    return answer(talk, SmtpStage.AUTH, line, reply, why)


def _ask(talk: Connection, line: str, reply: str, why: str) -> CommandReply:
    return answer(talk, SmtpStage.AUTH, line, reply, Why(why, "I-3"))


def _cancelled(talk: Connection, line: str) -> CommandReply:
    why = "the client gives up the authentication"
    return answer(talk, SmtpStage.AUTH, line, words.BAD_ARGUMENTS, why, assumed=True)


def _no_base64(talk: Connection, line: str) -> CommandReply:
    why = "what the client sends is no base64"
    return answer(talk, SmtpStage.AUTH, line, words.BAD_ARGUMENTS, why, assumed=True)


def _decode(text: str) -> str | None:
    if text == "=":
        return ""
    try:
        return b64decode(text.encode("ascii"), validate=True).decode("utf-8", "replace")
    except ValueError:  # UnicodeEncodeError and binascii.Error are both one
        return None


def _finish(
    talk: Connection, kind: AuthKind | None, user: str | None, line: str, *, exps: bool = False
) -> CommandReply:
    if kind is None or not talk.client.password_right:
        why = "only an Exchange server can prove to be one" if kind is None else "wrong password"
        if exps:
            exchange = talk.organization.exchange
            seen = exchange not in (ExchangeVersion.V2007, ExchangeVersion.SE)
            reply = words.SERVER_AUTH_FAILED
            return answer(talk, SmtpStage.AUTH, line, reply, Why(why, "I-4"), assumed=not seen)
        return answer(talk, SmtpStage.AUTH, line, AUTH_FAILED, Why(why, "I-3"))
    identity = _identity(talk, kind, user)
    if identity.refusal is not None:
        return _refuse_identity(talk, line, identity)
    standing, _ = talk.listener.stand(talk.connector, identity, tls=talk.tls)
    if identity.kind is IdentityKind.ACCOUNT and not standing.holds(Right.SUBMIT):
        # The session stays what it was; the refusal shows what the account lacks.
        refused = refuse(talk, SmtpStage.AUTH, line, submit_refusal())
        grant = standing.grant(Right.SUBMIT)
        return refused._replace(why=refused.why._replace(grant=grant))
    talk.authenticated = True
    talk.user = user
    talk.become(identity)
    if identity.kind is IdentityKind.ACCOUNT:
        why_ok = granted(talk, Right.SUBMIT, "I-3", "the account may submit, so AUTH succeeds")
    else:
        why_ok = Why("the server proved who it is", "I-5" if kind is AuthKind.LEGACY else "I-4")
    return answer(talk, SmtpStage.AUTH, line, words.AUTH_OK, why_ok, notes=identity.notes)
