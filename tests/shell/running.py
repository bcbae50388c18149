"""Running a script in a test."""

from relaysim.powershell.runner import run_script


def output(text, **options):
    """The output of a script without errors."""
    result = run_script(text, state=None, cmdlets=options.pop("cmdlets", ()), **options)
    assert result.errors == (), result.errors
    return result.output


def lines(text, **options):
    """The lines a script without errors writes."""
    return output(text, **options).splitlines()


def run(text, **options):
    """The whole result."""
    return run_script(
        text, state=options.pop("state", None), cmdlets=options.pop("cmdlets", ()), **options
    )
