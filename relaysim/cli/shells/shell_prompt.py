"""The interactive prompt of ``relaysim shell``."""

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from relaysim.cli.exits import ANSWERED, EXPECTATION_FAILED
from relaysim.cli.notes import complain
from relaysim.cli.shells.shell_report import differences, report
from relaysim.config.difference import changes, format_changes
from relaysim.config.source import Configuration
from relaysim.errors import InvalidInput, InvalidScript, RelaysimError, printable
from relaysim.management_shell.completion import Completion, complete
from relaysim.management_shell.running import ExchangeSession
from relaysim.model.organization import Organization
from relaysim.powershell.language.source import ScriptProblem
from relaysim.powershell.parser import parse_script

__all__ = ["COMMANDS", "Prompt", "is_incomplete"]

PROMPT = "[relaysim] PS> "
CONTINUATION = ">> "
_UNDO = 100
_HISTORY = 1000

COMMANDS = {
    "check": "what one client may do, with the options of `relaysim check`",
    "explain": "rights, groups and connectors, as `relaysim explain`",
    "diff": "what changed since the start",
    "undo": "take the last change back",
    "save FILE": "write the configuration as a server file",
    "help": "this list",
    "exit": "leave, as Ctrl-D does",
}
"""What the prompt understands beside the shell's commands."""


def is_incomplete(text: str) -> bool:
    """Tell whether more lines may make ``text`` a script: something is still open at its end.

    >>> is_incomplete("Get-ReceiveConnector |"), is_incomplete("Get-ReceiveConnector )")
    (True, False)
    """
    if text.rstrip("\n").endswith("`"):
        return True
    try:
        parse_script(text)
    except InvalidScript as error:
        problem = error.problems[0]
        if "is never closed" in problem.message:
            return True
        lines = text.rstrip().split("\n")
        if problem.line is None or not isinstance(problem, ScriptProblem):
            return False
        return (problem.line, problem.column) >= (len(lines), len(lines[-1]) + 1)
    return False


class Prompt:
    """A session at a terminal.

    Args:
        session: The shell's session, at its start.
        source: What the session began with, for headings.
        save: Writes a server file.
    """

    def __init__(
        self, session: ExchangeSession, *, source: str, save: Callable[[str, Organization], None]
    ) -> None:
        self._session = session
        self._source = source
        self._save = save
        self._start = session.organization
        self._undo: list[Organization] = []
        self._code: int | None = None

    def run(self) -> int:
        """Read and run lines until the input ends; return the exit code."""
        history = _Readline(self._completions)
        print(f"{printable(self._source)}; `help` lists what this prompt adds, Ctrl-D leaves.")  # noqa: T201
        while True:
            try:
                text = self._read()
            except EOFError:
                print()  # noqa: T201
                break
            except KeyboardInterrupt:
                print("^C")  # noqa: T201
                continue
            if text.strip().lower() in {"exit", "quit"}:
                break
            self._obey(text)
            if self._code is not None:
                break
        history.close()
        return EXPECTATION_FAILED if self._code else ANSWERED

    def _read(self) -> str:
        text = input(PROMPT)
        while not self._is_own(text) and is_incomplete(text):
            line = input(CONTINUATION)
            if not line.strip() and not text.rstrip("\n").endswith("`"):
                # As in PowerShell, an empty line ends the input and shows what is wrong with it.
                break
            text += "\n" + line
        return text

    @staticmethod
    def _is_own(text: str) -> bool:
        # `diff` with operands is the shell's Compare-Object, and so on: such words stand alone.
        word, _, rest = text.strip().partition(" ")
        return word.lower() in _WITH_OPERANDS or (word.lower() in _WORDS and not rest)

    def _obey(self, text: str) -> None:
        before = self._session.organization
        try:
            if self._is_own(text):
                self._own(text.strip())
            elif text.strip():
                self._shell(text)
        except RelaysimError as error:
            _complain(error)
        except KeyboardInterrupt:
            self._session.organization = before
            print("interrupted; nothing was changed", file=sys.stderr)  # noqa: T201
        if self._session.organization != before and text.strip().lower() != "undo":
            self._undo.append(before)
            del self._undo[:-_UNDO]

    def _shell(self, text: str) -> None:
        result = self._session.run(text)
        sys.stdout.write(result.output)
        sys.stdout.flush()
        report(result)
        self._code = result.exit_code

    def _own(self, text: str) -> None:
        word, _, rest = text.partition(" ")
        match word.lower():
            case "help":
                width = max(map(len, COMMANDS))
                for name, summary in COMMANDS.items():
                    print(f"  {name:{width}}  {summary}")  # noqa: T201
                print("Everything else is the Exchange Management Shell; Tab completes.")  # noqa: T201
            case "diff":
                found = differences(self._start, self._session.organization)
                print(found or "nothing changed", end="" if found else "\n")  # noqa: T201
            case "undo":
                self._take_back()
            case "save":
                names = _split(rest)
                if len(names) != 1:
                    raise InvalidInput("`save` takes one file", hint="write `save relay.toml`")
                self._save(names[0], self._session.organization)
                print(f"saved to {printable(names[0])}")  # noqa: T201
            case name:
                self._ask(name, _split(rest))

    def _take_back(self) -> None:
        if not self._undo:
            raise InvalidInput("there is nothing to undo")
        before = self._session.organization
        self._session.organization = after = self._undo.pop()
        sys.stdout.write(format_changes(changes(before, after, changed=True)))

    def _ask(self, name: str, arguments: list[str]) -> None:
        """Run another command of the program on the organization as it stands here."""
        import click

        from relaysim.cli import cli

        held = Configuration("this session", self._session.organization)
        try:
            cli.main([name, *arguments], prog_name="", standalone_mode=False, obj=held)
        except click.exceptions.Exit:
            return
        except click.ClickException as error:
            from relaysim.cli.options.usage import usage_problem

            _complain(InvalidInput(usage_problem(error)))

    def _completions(self, line: str) -> Completion:
        head, _, rest = line.lstrip().partition(" ")
        if rest and head.lower() in {"check", "explain"}:
            return _options(head.lower(), line)
        return complete(
            line,
            organization=self._session.organization,
            registry=self._session.session.registry,
            variables=self._session.session.variable_names(),
            commands=_WORDS,
        )


_WORDS = frozenset(name.partition(" ")[0] for name in COMMANDS)
_WITH_OPERANDS = frozenset({"check", "explain", "save"})


def _options(command: str, line: str) -> Completion:
    import click

    from relaysim.cli import cli

    typed = line.rpartition(" ")[2]
    found = cli.get_command(click.Context(cli), command)
    names = [] if found is None else [opt for one in found.params for opt in one.opts]
    fitting = sorted(one for one in names if one.startswith("--") and one.startswith(typed))
    return Completion(len(line) - len(typed), tuple(fitting))


def _split(text: str) -> list[str]:
    try:
        # A backslash belongs to names such as SERVER\Relay here, it escapes nothing.
        lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
        lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
        return list(lexer)
    except ValueError as error:
        raise InvalidInput(f"the line cannot be split ({str(error).lower()})") from None


def _complain(error: RelaysimError) -> None:
    if not isinstance(error, InvalidInput):
        print(f"error: {printable(str(error))}", file=sys.stderr)  # noqa: T201
        return
    complain(error.problems)


class _Readline:
    """Line editing with completion and a history that outlives the session, where there is one."""

    def __init__(self, completions: Callable[[str], Completion]) -> None:
        self._completions = completions
        self._found = Completion(0, ())
        self._file = _history_file()
        try:
            import readline
        except ImportError:
            # A Python without readline: lines are read without editing.
            self._readline = None
            return
        self._readline = readline
        # With no delimiters the whole line is completed, so that a name with blanks can be.
        readline.set_completer_delims("")
        readline.set_completer(self._complete)
        readline.parse_and_bind(
            "bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete"
        )
        hook = getattr(readline, "set_completion_display_matches_hook", None)
        if hook is not None:
            hook(self._display)
        readline.set_history_length(_HISTORY)
        if self._file is not None and self._file.is_file():
            try:
                readline.read_history_file(self._file)
            except OSError:
                self._file = None

    def _complete(self, text: str, state: int) -> str | None:
        if state == 0:
            self._found = self._completions(text)
        start, words = self._found
        if state >= len(words):
            return None
        # A value may be followed by a comma, so only what stands alone gets its blank.
        alone = len(words) == 1 and (words[0].startswith("-") or not text[:start].strip())
        return text[:start] + words[state] + (" " if alone else "")

    def _display(self, _typed: str, _matches: list[str], _longest: int) -> None:
        print("\n" + "  ".join(self._found.words))  # noqa: T201
        if self._readline is not None:
            print(PROMPT + self._readline.get_line_buffer(), end="", flush=True)  # noqa: T201

    def close(self) -> None:
        """Keep the history."""
        if self._readline is None or self._file is None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._readline.write_history_file(self._file)
        except OSError:
            return


def _history_file() -> Path | None:
    named = os.environ.get("RELAYSIM_HISTORY")
    if named is not None:
        return Path(named) if named else None
    state = os.environ.get("XDG_STATE_HOME")
    try:
        base = Path(state) if state else Path.home() / ".local" / "state"
    except RuntimeError:
        return None
    return base / "relaysim" / "history"
