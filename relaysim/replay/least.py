"""The least configuration that keeps every session seen, as plans that were tried.

Only what a log can show is taken away: addresses nobody came from, connectors that log and that
nobody used, entries and groups that no session seen needs. What no log shows stays, and is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.analysis.compare.change import ChangeKind
from relaysim.analysis.compare.compare import compare
from relaysim.model.session import AuthKind
from relaysim.replay.judging import ReplayOutcome, SessionJudge
from relaysim.replay.least_values import LeastConfiguration
from relaysim.replay.saving import Saving, savings
from relaysim.suggest.request import Plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.analysis.compare.change import Comparison
    from relaysim.analysis.findings.finding import ShellCommand
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization
    from relaysim.replay.logged import LoggedSession
    from relaysim.replay.report import ReplayReport

    Attempt = Callable[[Organization, tuple[tuple[ShellCommand, ...], ...]], Organization | None]
    Seen = list[tuple[LoggedSession, str, tuple[object, ...]]]

__all__ = ["least_configuration"]


def least_configuration(
    answer: ReplayReport,
    organization: Organization,
    attempt: Attempt,
    *,
    is_setups: Callable[[ReceiveConnector], bool],
) -> LeastConfiguration:
    """Return plans after which every session seen meets what it meets today.

    Each plan was run, every session seen was asked of the result and answered alike, no stranger
    may do more than before, and the way back restores the same power. Connectors that setup made
    keep their ranges and groups, as strangers of tomorrow are in no log.

    Args:
        answer: The judged logs.
        organization: The description they were held against.
        attempt: Runs commands on an organization; ``None`` when one is refused.
        is_setups: Tells whether setup made a connector.
    """
    judge = SessionJudge(organization)
    seen: Seen = []
    for each in answer.shapes:
        for client in each.clients:
            met = judge.answers(each.shape, client)
            if met:
                seen.append((each.shape, client, met))
    kept: list[str] = []
    plans: list[Plan] = []
    for exact in (True, False):
        found = savings(answer, organization, is_setups=is_setups, exact=exact)
        kept += found.kept
        plan = _plan(organization, found.steps, seen, attempt, kept, exact=exact)
        if plan is not None and plan.pipelines not in [other.pipelines for other in plans]:
            plans.append(plan)
    return LeastConfiguration(tuple(plans), tuple(dict.fromkeys(kept)), tuple(_blind(answer)))


def _plan(
    organization: Organization,
    steps: tuple[Saving, ...],
    seen: Seen,
    attempt: Attempt,
    kept: list[str],
    *,
    exact: bool,
) -> Plan | None:
    chosen, after, comparison = _chosen(organization, steps, seen, attempt, kept)
    if not chosen or comparison is None:
        return None
    rollback = tuple(pipeline for step in reversed(chosen) for pipeline in step.rollback)
    undone = attempt(after, rollback)
    if undone is None or not compare(organization, undone).equal_power:
        kept.append("no plan: its way back would not restore the same power")
        return None
    how = "the addresses seen" if exact else "the ranges somebody came from"
    return Plan(
        title=f"only what was used: {how}, {'; '.join(step.title for step in chosen)}",
        pipelines=tuple(pipeline for step in chosen for pipeline in step.pipelines),
        rollback=rollback,
        after=after,
        comparison=comparison,
        beyond=tuple(c for c in comparison.changes if c.kind in _MORE),
        lacks=(),
        remark="addresses and uses that the logs do not show are lost",
    )


_MORE = (ChangeKind.WIDENED, ChangeKind.CANNOT_TELL)


def _chosen(
    organization: Organization,
    steps: tuple[Saving, ...],
    seen: Seen,
    attempt: Attempt,
    kept: list[str],
) -> tuple[list[Saving], Organization, Comparison | None]:
    """Return the steps that together keep every session, what they lead to, and what changes."""
    together = attempt(organization, tuple(p for step in steps for p in step.pipelines))
    if together is not None:
        weighed = _weighed(organization, together, seen)
        if not isinstance(weighed, str):
            return list(steps), together, weighed
    chosen: list[Saving] = []
    current, comparison = organization, None
    for step in steps:
        tried = attempt(current, step.pipelines)
        weighed = "the shell refuses the command"
        if tried is not None:
            weighed = _weighed(organization, tried, seen)
        if tried is None or isinstance(weighed, str):
            kept.append(f"{step.connector}: not {step.title}: {weighed}")
        else:
            chosen.append(step)
            current, comparison = tried, weighed
    return chosen, current, comparison


def _weighed(before: Organization, after: Organization, seen: Seen) -> Comparison | str:
    """Return what a change does to power, or why it is not to be proposed."""
    judge = SessionJudge(after)
    for session, client, met in seen:
        if judge.answers(session, client) != met:
            return f"a session seen from {client} on `{session.connector}` would change"
    comparison = compare(before, after)
    return "strangers would get more than before" if _opens(comparison) else comparison


def _opens(comparison: Comparison) -> bool:
    return any(
        change.kind in _MORE and change.way.auth is AuthKind.NONE for change in comparison.changes
    )


def _blind(answer: ReplayReport) -> list[str]:
    use = answer.use
    lines = [f"{name}: its logging is off, so that no line is not no use" for name in use.blind]
    lines += [f"{name}: whether it logs is not described, so it stays" for name in use.silent]
    if answer.shapes:
        first = min(each.first for each in answer.shapes)[:16].replace("T", " ")
        last = max(each.last for each in answer.shapes)[:16].replace("T", " ")
        lines.append(f"seen from {first} to {last}: what comes less often is not in it")
    lines += [f"no row between {before} and {after}" for before, after in use.gaps[:10]]
    for outcome, words in (
        (ReplayOutcome.CANNOT_TELL, "cannot be told"),
        (ReplayOutcome.NOT_A_CLIENT, "are between servers"),
    ):
        count = answer.count(outcome)
        if count:
            lines.append(f"{count:,} sessions {words}: their addresses are kept")
    lines.append(
        "rights whose use no log shows (anti-spam, sizes, headers, and senders by the From header) "
        "are kept"
    )
    return lines
