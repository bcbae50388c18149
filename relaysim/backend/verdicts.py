"""What is asked of the whole: findings, power that changed, what becomes of a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from relaysim.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relaysim.model.organization import Organization

__all__ = ["SentMail", "findings", "power_changes", "sent"]


class SentMail(NamedTuple):
    """A message as ``Send-MailMessage`` is told to send it.

    Attributes:
        client: The address it is sent from, ``None`` when nobody said.
        server: The server it is handed to.
        port: Its port.
        tls: Whether the client starts TLS.
        user: Who logs on, ``None`` for nobody.
        mail_from: The sender.
        recipients: All recipients.
    """

    client: str | None
    server: str
    port: int
    tls: bool
    user: str | None
    mail_from: str | None
    recipients: Sequence[str]


def findings(
    organization: Organization, source: str, *, everything: bool
) -> Iterator[dict[str, Any]]:
    """Yield what ``relaysim audit`` finds, as it prints it in JSON.

    Args:
        organization: The servers as they are now.
        source: What they came from.
        everything: Whether what holds is yielded too.
    """
    from relaysim.analysis.endpoints import Narrowing, endpoints, spots
    from relaysim.analysis.findings.audit import audit, sorted_findings
    from relaysim.config.source import Configuration
    from relaysim.policy.auditing import context_of
    from relaysim.policy.policy import Policy
    from relaysim.render.weighed.audit_answer import AuditAnswer
    from relaysim.render.weighed.audit_view import audit_document

    found = audit(organization, context_of(Policy()))
    answer = AuditAnswer(
        configuration=Configuration(source, organization),
        findings=sorted_findings(list(found)),
        spots=spots(endpoints(organization, Narrowing())),
    )
    for document in audit_document(answer)["findings"]:
        if everything or document["verdict"] != "holds":
            yield document


_SIGNS = {"widened": "+", "narrowed": "-"}


def power_changes(
    before: Organization, after: Organization, source: str
) -> Iterator[dict[str, Any]]:
    """Yield what ``relaysim diff`` says of the power that changed, with a line in words.

    Args:
        before: The servers in the beginning.
        after: The servers as they are now.
        source: What they came from.
    """
    from relaysim.analysis.compare.compare import compare
    from relaysim.config.source import Configuration
    from relaysim.render.weighed.diff_view import DiffAnswer, change_words, diff_document

    old, new = Configuration(source, before), Configuration(source, after)
    answer = DiffAnswer(old, new, compare(before, after), (), ())
    documents = diff_document(answer)["changes"]
    for change, document in zip(answer.comparison.changes, documents, strict=True):
        yield {
            "sign": _SIGNS.get(document["kind"], "~"),
            "where": "power",
            "what": change_words(change, answer),
            **document,
        }


def sent(organization: Organization, mail: SentMail) -> dict[str, Any]:
    """Return what becomes of a message: ``refusal`` (the reply), or why it is taken.

    Raises:
        InvalidInput: The client is not known, or the server is none of these.
    """
    from relaysim.engine.decide import evaluate
    from relaysim.model.session import Session, parse_auth
    from relaysim.net.address import parse_address
    from relaysim.smtp.clients.submission import what_is_missing

    if mail.client is None:
        raise InvalidInput(
            "Send-MailMessage: nobody said which address it sends from; nothing was sent",
            hint="Connect-RelaySim -ClientIP names the address of this machine",
        )
    session = Session(
        ip=parse_address(mail.client),
        port=mail.port,
        auth=parse_auth("user" if mail.user else "none"),
        user=mail.user,
        tls=mail.tls,
        mail_from=mail.mail_from,
        header_from=mail.mail_from,
        rcpt_to=tuple(mail.recipients),
    )
    asked = organization.on(mail.server.partition(".")[0])
    decision = evaluate(asked, session)
    refusal, missing = decision.refusal, what_is_missing(decision)
    return {
        "accepted": None if missing else refusal is None,
        "refusal": refusal.reply if refusal is not None else None,
        "stage": refusal.stage.value if refusal is not None else None,
        "connector": decision.connector.name if decision.connector is not None else None,
        "missing": missing or None,
    }
