"""Every reply that a receive connector gives, and some that only look like one of its.

From the words of a reply back to the stage, the rule and what decides it.

Source: NDR16, RC16, NEWRC.
"""

import re
from typing import NamedTuple

__all__ = ["KNOWN", "OTHERS", "KnownReply", "Recognised", "also", "recognise"]


class KnownReply(NamedTuple):
    """A reply of a receive connector.

    Attributes:
        reply: Its words; ``...`` stands for anything.
        stage: Where in the session it stands.
        rule: The rule of the model that gives it.
        versions: Which versions say it so.
        decides: What decides it, one sentence.
    """

    reply: str
    stage: str
    rule: str
    versions: str
    decides: str


class Recognised(NamedTuple):
    """What a text was recognised as.

    Attributes:
        replies: Replies whose words stand in it, or, when there are none, whose codes do.
        by_words: Whether they were found by their words.
        others: Other systems that speak so, with what to look at.
    """

    replies: tuple[KnownReply, ...]
    by_words: bool
    others: tuple[str, ...]


_EVERY = "all versions"
_TO_2013 = "2007 to 2013"
_FROM_2016 = "2016 to SE"

KNOWN: tuple[KnownReply, ...] = (
    KnownReply(
        "421 4.3.2 Service not available",
        "connect",
        "S-5",
        _EVERY,
        "no connector bound to this address and port has a range that holds the client",
    ),
    KnownReply(
        "451 5.7.3 Must issue a STARTTLS command first",
        "MAIL FROM",
        "O-11",
        _EVERY,
        "the connector has RequireTLS, and the client did not use TLS",
    ),
    KnownReply(
        "451 5.7.3 Cannot achieve Exchange Server authentication",
        "AUTH",
        "I-4",
        _EVERY,
        "a sending Exchange server met a connector without ExchangeServer: mostly a relay "
        "connector whose range holds the server",
    ),
    KnownReply(
        "454 4.7.0 Temporary authentication failure",
        "AUTH",
        "I-4",
        "2010 to SE",
        "a server's X-EXPS failed: time, names or trust between the servers",
    ),
    KnownReply(
        "504 5.7.4 Unrecognized authentication type",
        "AUTH",
        "I-3",
        _EVERY,
        "the connector does not offer that mechanism, or only after STARTTLS",
    ),
    KnownReply(
        "535 5.7.3 Authentication unsuccessful",
        "AUTH",
        "I-7",
        _EVERY,
        "the password is wrong, or the account may not submit there (no ExchangeUsers)",
    ),
    KnownReply(
        "530 5.7.1 Client was not authenticated",
        "MAIL FROM",
        "O-1",
        _TO_2013,
        "the session lacks ms-Exch-SMTP-Submit on the connector that answers",
    ),
    KnownReply(
        "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM",
        "MAIL FROM",
        "O-1",
        _FROM_2016,
        "the session lacks ms-Exch-SMTP-Submit on the connector that answers",
    ),
    KnownReply(
        "550 5.7.1 Unable to relay",
        "RCPT TO",
        "O-2",
        _TO_2013,
        "the recipient is in no accepted domain, and the session lacks "
        "ms-Exch-SMTP-Accept-Any-Recipient",
    ),
    KnownReply(
        "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
        "RCPT TO",
        "O-2",
        _FROM_2016,
        "the recipient is in no accepted domain, and the session lacks "
        "ms-Exch-SMTP-Accept-Any-Recipient",
    ),
    KnownReply(
        "550 5.7.1 Client does not have permissions to send as this sender",
        "end of data",
        "O-7",
        _TO_2013,
        "the account neither owns the sender's address nor holds Send As on it",
    ),
    KnownReply(
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        "end of data",
        "O-7",
        _FROM_2016,
        "the account neither owns the sender's address nor holds Send As on it",
    ),
    KnownReply(
        "550 5.7.1 Anonymous client does not have permissions to send as this sender",
        "end of data",
        "O-7",
        _EVERY,
        "the client lacks ms-Exch-SMTP-Accept-Authoritative-Domain-Sender or "
        "ms-Exch-SMTP-Accept-Any-Sender",
    ),
    KnownReply(
        "552 5.3.4 Message size exceeds fixed maximum message size",
        "MAIL FROM or end of data",
        "O-12",
        _EVERY,
        "the message is larger than MaxMessageSize, and the session does not bypass it",
    ),
    KnownReply(
        "452 4.5.3 Too many recipients",
        "RCPT TO",
        "O-12",
        _EVERY,
        "the message has more recipients than MaxRecipientsPerMessage; the first are kept",
    ),
    KnownReply(
        "451 4.7.0 Temporary server error. Please try again later.",
        "end of data",
        "P-2",
        "2013 to SE",
        "the front end has no back end: for accounts Client Proxy is missing or disabled, for "
        "everybody else Default SERVER (P-1)",
    ),
    KnownReply(
        "501 5.5.4 Invalid domain name",
        "EHLO",
        "O-13",
        _EVERY,
        "the name after EHLO is no domain",
    ),
    KnownReply(
        "500 5.3.3 Unrecognized command",
        "any",
        "I-6a",
        _EVERY,
        "the command is unknown, or not offered: STARTTLS needs Tls, AUTH a mechanism",
    ),
    KnownReply("501 5.1.7 Invalid address", "MAIL FROM", "O-7", _EVERY, "the sender is no address"),
    KnownReply(
        "501 5.1.3 Invalid address", "RCPT TO", "O-2", _EVERY, "the recipient is no address"
    ),
    KnownReply(
        "550 5.6.11 Invalid characters",
        "end of data",
        "O-13",
        _EVERY,
        "the message holds what no line may hold",
    ),
    KnownReply(
        "500 5.5.2 Line too long", "any", "O-13", _EVERY, "a line is longer than SMTP allows"
    ),
    *(
        KnownReply(words, "any", "O-13", _EVERY, "the commands came in a wrong order")
        for words in (
            "503 5.5.2 Send hello first",
            "503 5.5.2 Need mail command",
            "503 5.5.2 Need rcpt command",
            "503 5.5.2 Sender already specified",
            "503 5.5.2 Bad sequence of commands",
            "501 5.5.4 Invalid arguments",
            "501 5.5.4 Unrecognized parameter",
        )
    ),
)
"""Refusals, in the order of a session. Success is not explained."""

OTHERS: tuple[tuple[str, str], ...] = (
    ("relay access denied", "Postfix says so, or Exchange Online with TenantAttribution"),
    ("tenantattribution", "Exchange Online: look at the inbound connector of the tenant"),
    ("relaying denied", "Sendmail says so"),
    ("relay not permitted", "Exim says so"),
    ("client host", "an IP block list or a spam filter refused the client's address"),
    ("blocked using", "an IP block list refused the client's address"),
    ("5.7.501", "Exchange Online: the sender is held to send spam"),
    ("5.7.705", "Exchange Online: the tenant has sent too much"),
    ("5.7.708", "Exchange Online: the address the mail came from is not trusted"),
    ("5.7.230", "Exchange Online: the sending Exchange server is too old and is blocked"),
    ("4.7.230", "Exchange Online: the sending Exchange server is too old and is throttled"),
    ("220 ****", "a firewall rewrites SMTP (inspection of ESMTP): turn that off"),
    ("xxxxxxxa", "a firewall rewrites SMTP (inspection of ESMTP): turn that off"),
    (".prod.outlook.com", "Exchange Online: the reply names one of its servers"),
    ("5.7.64", "Exchange Online: look at the inbound connector of the tenant"),
    ("5.7.139", "Exchange Online: SMTP AUTH is off for the mailbox, or a policy refused the logon"),
    (
        "5.7.133",
        "a distribution group takes mail of known senders only (RequireSenderAuthentication)",
    ),
    ("5.4.1", "Exchange Online or a gateway: the recipient's domain or address is not known there"),
    ("5.7.750", "Exchange Online: mail of an unregistered domain is blocked"),
    ("5.1.10", "Exchange: the recipient does not exist; no receive connector decides that"),
    ("5.7.26", "Google: SPF or DKIM of the sender's domain failed"),
    ("5.7.0 must issue a starttls", "Postfix or Google says so: it requires TLS"),
    ("5.7.0 authentication required", "Google or Postfix says so: it wants an account"),
    ("not owned by user", "Postfix: the account may not use that sender address"),
    ("helo command rejected", "Postfix refuses the name after HELO or EHLO"),
    ("client host rejected", "Postfix refuses the client's address"),
    ("recipient address rejected", "Postfix or Exchange Online refuses the recipient"),
    ("greylist", "a filter asks to come again later (greylisting)"),
    ("rcpthosts", "qmail says so: it does not relay for the client"),
    ("administrative prohibition", "Exim or a gateway refuses by its own rules"),
    ("spamhaus", "an IP block list refused the client's address"),
    ("barracuda", "a Barracuda gateway says so"),
    ("proofpoint", "a Proofpoint gateway says so"),
    ("mimecast", "Mimecast says so"),
    ("user unknown", "the recipient does not exist; no receive connector decides that"),
)
"""Texts of other systems, and who says them."""

ALSO: dict[str, str] = {
    "550 5.7.1 Unable to relay": "the SMTP service of IIS says it in the same words",
    "530 5.7.57": "Exchange Online says it in the same words (smtp.office365.com)",
    "550 5.7.60": "Exchange Online says it in the same words (smtp.office365.com)",
    "535 5.7.3": "Exchange Online says it too, mostly as 535 5.7.139 with a reason",
    "452 4.5.3": "Postfix and Sendmail say it too",
    "451 4.7.0": "Exchange Online says it too",
    "500 5.3.3": "a firewall that rewrites SMTP turns commands into XXXX, and this comes back",
    "501 5.1.3": "Exchange Online says it too",
    "552 5.3.4": "Exchange Online says it too",
}
"""Who else speaks so: beginnings of replies, and the other system."""


def also(known: KnownReply) -> str:
    """Return which other system says the same, or nothing."""
    return next((who for head, who in ALSO.items() if known.reply.startswith(head)), "")


_CODES = re.compile(r"\b([245]\d\d)?[ -]?([245]\.\d{1,3}\.\d{1,3})\b")
_PLAIN = re.compile(r"\b([45]\d\d)\b")


def recognise(text: str) -> Recognised:
    """Return what a reply, or a trace that holds one, was recognised as.

    The longest words win: what speaks of an anonymous client is not also the shorter sentence
    inside it.

    >>> [known.rule for known in recognise("says: 550 5.7.1 Unable to relay for x@y").replies]
    ['O-2']
    >>> [known.reply[:10] for known in recognise("550 5.7.54 SMTP; Unable to relay").replies]
    ['550 5.7.54']
    """
    folded = _on_one_line(text)
    others = tuple(dict.fromkeys(who for words, who in OTHERS if _says(folded, words)))
    found = [known for known in KNOWN if _words(known) in folded]
    codes = {enhanced for _, enhanced in _CODES.findall(folded)}
    spoken = {_words(known) for known in found}
    longest = [
        known
        for known in found
        if not any(_words(known) in more and more != _words(known) for more in spoken)
    ]
    if longest:
        exact = [known for known in longest if known.reply.split()[1] in codes]
        # A sentence that was cut may read like a shorter one: then the code tells.
        exact = exact or [
            known
            for known in KNOWN
            if known.reply.split()[1] in codes
            and any(_words(known).startswith(_words(said)) for said in longest)
        ]
        return Recognised(tuple(exact or longest), by_words=True, others=others)
    plain = set(_PLAIN.findall(folded))
    alike = [
        known
        for known in KNOWN
        if known.reply.split()[1] in codes or (not codes and known.reply.split()[0] in plain)
    ]
    return Recognised(tuple(alike), by_words=False, others=others)


_BREAK = re.compile(r"<br\s*/?>|&nbsp;|\\r\\n|\\n|=\r?\n", re.IGNORECASE)
_GOES_ON = re.compile(r"^\W*(?:([245]\d\d)[ -]\s*)?(?:([245]\.\d{1,3}\.\d{1,3})\s+)?")
"""The codes at the beginning of a line; a reply of several lines repeats them."""


def _on_one_line(text: str) -> str:
    """Return a text folded, without the breaks and repeated codes of a reply of several lines.

    Marks of a quoted mail, soft breaks, and what a program prints instead of a break go as well.
    """
    lines: list[str] = []
    codes = ("", "")
    for line in _BREAK.sub("\n", text).splitlines():
        plain = line.lstrip("> \t")
        match = _GOES_ON.match(plain)
        found = match.groups("") if match is not None else ("", "")
        if match is not None and any(found) and found in (codes, ("", codes[1]), (codes[0], "")):
            plain = plain[match.end() :]
        else:
            said = _CODES.search(plain)
            codes = (said[1] or "", said[2]) if said is not None else codes
        lines.append(plain)
    return " ".join(" ".join(lines).casefold().split())


def _says(folded: str, words: str) -> bool:
    """Tell whether a text holds words; a code only as a whole."""
    place = folded.find(words)
    while place >= 0:
        before, after = folded[place - 1 : place], folded[place + len(words) :][:1]
        if not words[0].isdigit() or not (before.isdigit() or before == "." or after.isdigit()):
            return True
        place = folded.find(words, place + 1)
    return False


def _words(known: KnownReply) -> str:
    return known.reply.split(" ", 2)[2].removeprefix("SMTP; ").casefold()
