"""`pytest --cores=2`: several processes share the test files of one run.

Every process collects all tests and then takes whole files, one after the other, until none is
left; a file is taken by making a folder of its number, which only one process can do. The first
process prints what the others said below its own words, and fails when one of them failed.
"""

import os
import subprocess
import sys
import tempfile
from itertools import groupby
from pathlib import Path

import pytest


class SharedRun:
    """One run of several processes: this one, and the others that it started."""

    def __init__(self, folder, others):
        """Share the run whose taken files stand in ``folder``."""
        self.folder = Path(folder)
        self.others = others
        self.said = []

    @pytest.hookimpl
    def pytest_runtestloop(self, session):
        """Run the tests of the files that this process gets."""
        if session.testsfailed and not session.config.option.continue_on_collection_errors:
            raise session.Interrupted(f"{session.testsfailed} errors during collection")
        if session.config.option.collectonly:
            return True
        mine = (item for file in self._taken(session.items) for item in file)
        item = next(mine, None)
        while item is not None:
            following = next(mine, None)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
            item = following
        for other in self.others:
            self.said.append(other.communicate()[0])
            session.testsfailed += other.returncode != 0
        return True

    def _taken(self, items):
        for number, (_, file) in enumerate(groupby(items, key=lambda item: item.path)):
            try:
                (self.folder / str(number)).mkdir()
            except FileExistsError:
                continue
            yield file

    def pytest_terminal_summary(self, terminalreporter):
        """Print what the other processes printed."""
        for words in self.said:
            terminalreporter.section("the tests that another process took")
            terminalreporter.write(words)

    def pytest_unconfigure(self):
        """Leave no process behind when the run was stopped."""
        for other in self.others:
            other.kill()
            other.wait()


def pytest_addoption(parser):
    """Declare `--cores`, and the folder that the other processes are told."""
    group = parser.getgroup("relaysim", "relaysim's own tests")
    group.addoption("--cores", type=int, default=1, help="processes that share the test files")
    group.addoption("--shared-run", help="the folder of the run (set by --cores)")


def pytest_configure(config):
    """Start the other processes."""
    _compile_once()
    folder, cores = config.option.shared_run, config.option.cores
    if folder:
        config.pluginmanager.register(SharedRun(folder, []))
    elif cores > 1:
        folder = tempfile.TemporaryDirectory()
        config.add_cleanup(folder.cleanup)
        command = [sys.executable, "-m", "pytest", *config.invocation_params.args]
        others = [
            subprocess.Popen(
                [*command, "--cores=1", f"--shared-run={folder.name}"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                cwd=config.invocation_params.dir,
            )
            for _ in range(cores - 1)
        ]
        config.pluginmanager.register(SharedRun(folder.name, others))


def _compile_once():
    """Keep compiled modules, also where the environment asks for none.

    Else each of these processes and each command that a test starts compiles the package anew.
    """
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
