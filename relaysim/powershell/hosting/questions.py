"""Questions to a person: choices by letter or label, and the confirmation of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.powershell.interpreter.failing.failures import LimitReached
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.value import ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relaysim.powershell.interpreter.machine import Machine

__all__ = ["CHOICE", "OfferedChoice", "choice_object", "choice_of", "choose", "confirmed"]

CHOICE = ObjectType(name="System.Management.Automation.Host.ChoiceDescription")


class OfferedChoice(NamedTuple):
    """One answer that can be given.

    Attributes:
        label: Its text, without the mark.
        letter: The letter that is marked by ``&``; empty when none is.
    """

    label: str
    letter: str


def choice_object(label: Value, help_text: Value = "") -> ShellObject:
    """Return a ``ChoiceDescription``."""
    return ShellObject(
        (("Label", to_text(label)), ("HelpMessage", to_text(help_text))), type_=CHOICE
    )


def choice_of(value: Value) -> OfferedChoice:
    """Return a choice from its label with a mark, or from a ``ChoiceDescription``.

    >>> choice_of("&Yes")
    OfferedChoice(label='Yes', letter='Y')
    """
    text = to_text(value.get("Label") if isinstance(value, ShellObject) else value)
    before, mark, after = text.partition("&")
    return OfferedChoice(before + after, after[:1].upper() if mark else "")


def choose(machine: Machine, question: str, choices: Sequence[OfferedChoice], default: int) -> int:
    """Return the place of the choice that the next answer names; an empty one is the default.

    Raises:
        LimitReached: There is no answer left, or it names none of the choices.
    """
    shown = "  ".join(f"[{one.letter}] {one.label}" if one.letter else one.label for one in choices)
    whole = f"{question} {shown}".strip()
    answer = machine.ask(whole).strip()
    if not answer and 0 <= default < len(choices):
        return default
    for place, one in enumerate(choices):
        if answer.casefold() == one.label.casefold() or answer.upper() == one.letter != "":
            return place
    raise LimitReached(
        f"the answer `{answer}` is none of the choices of a question: {whole}",
        id="QuestionWithoutAnswer",
        hint="answer by the letter or the label of a choice",
    )


_CONFIRM = tuple(
    choice_of(label) for label in ("&Yes", "Yes to &All", "&No", "No to A&ll", "&Suspend")
)


def confirmed(machine: Machine, action: str, target: str, said: list[str]) -> bool:
    """Tell whether a person confirms a change.

    Args:
        machine: The run.
        action: What would be done.
        target: To what.
        said: Keeps ``all`` or ``none`` for the further objects of the same command.
    """
    if said:
        return said[0] == "all"
    place = choose(
        machine, f'Performing the operation "{action}" on target "{target}".', _CONFIRM, 0
    )
    if place == 4:
        raise LimitReached("the answer to a question suspends the script", id="Suspended")
    if place in {1, 3}:
        said.append("all" if place == 1 else "none")
    return place in {0, 1}


def choices_of(value: Value) -> list[OfferedChoice]:
    """Return the choices of a ``PromptForChoice``."""
    return [choice_of(one) for one in to_list(value)]
