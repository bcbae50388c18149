"""Runs commands in a Python without what Windows lacks, on a console of an old code page.

A program of its own, started by the test beside it: ``python windows_like.py FOLDER``.
"""

import asyncio
import concurrent.futures.process
import getpass
import io
import multiprocessing
import os
import pkgutil
import shutil
import signal
import subprocess
import sys
import traceback

# What the standard library itself needs here is loaded before anything is taken away.
STANDARD = (asyncio, concurrent.futures.process, getpass, multiprocessing, shutil, subprocess)
MODULES = ("fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty")
FUNCTIONS = (
    *("chown", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getgroups"),
    *("getloadavg", "getlogin", "getpgid", "getsid", "getuid", "initgroups", "killpg", "lchown"),
    *("mkfifo", "mknod", "nice", "openpty", "posix_spawn", "pread", "pwrite", "sched_getaffinity"),
    *("setegid", "seteuid", "setgid", "setpgid", "setsid", "setuid", "sync", "uname", "O_NOFOLLOW"),
)
SIGNALS = ("SIGALRM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "alarm", "setitimer", "sigwait")
CODE_PAGES = ("cp437", "cp850", "cp1252")


def take_away():
    """Remove what is not there on Windows; workers that are spawned run this file as well."""
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]  # makes an import fail
    for name in FUNCTIONS:
        if hasattr(os, name):
            delattr(os, name)
    for name in SIGNALS:
        if hasattr(signal, name):
            delattr(signal, name)


# Workers that are spawned have the second name; whoever only imports this file loses nothing.
if __name__ in ("__main__", "__mp_main__"):
    take_away()


def commands(folder):
    """Return command lines, each with what it is expected to end with."""
    config, log = f"{folder}/server.toml", f"{folder}/logs"
    asked = ("--ip", "172.16.4.9")
    return [
        (["check", *asked, "-c", config], 0),
        (["explain", "-c", config], 0),
        (["map", "-c", config], 0),
        (["who-can", "relay", "-c", config], 0),
        (["audit", "-c", config], 0),
        (["diff", config, "builtin:option-2"], 0),
        (["suggest", *asked, "--need", "resolve_p2", "-c", config], 0),
        (["replay", log, "-c", config, "--jobs", "2"], 0),
        (["report", "-c", config, "-o", f"html:{folder}/report.html"], 0),
        (["batch", f"{folder}/asked.csv", "-c", config, "--jobs", "2"], 0),
        (["export-shell", "-c", config], 0),
        (["shell", f"{folder}/script.ps1", "-c", config], 0),
        (["session", *asked, "-c", config, "-o", "smtp", f"{folder}/play.smtp"], 0),
        (["import", f"{folder}/export.txt"], 0),
        (["test", f"{folder}/steps.toml"], 0),
        (["schema", "server"], 0),
        (["completion", "powershell"], 0),
        (["check", "--ip", "nonsense"], 2),
    ]


def run(arguments, code_page):
    """Return the exit code of a command whose output goes to a console of a code page."""
    from relaysim.cli import main

    before = sys.stdout, sys.stderr
    written = io.BytesIO()
    stream = sys.stdout = sys.stderr = io.TextIOWrapper(written, encoding=code_page)
    code = 0
    try:
        main(arguments)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0
    finally:
        stream.flush()
        sys.stdout, sys.stderr = before
    return code, written.getvalue().decode(code_page)


def main(folder):
    import relaysim

    for module in pkgutil.walk_packages(relaysim.__path__, "relaysim."):
        # The plug-in is pytest's to load.
        if module.name not in ("relaysim.__main__", "relaysim.pytest_plugin"):
            __import__(module.name)
    failures = 0
    for number, (arguments, wanted) in enumerate(commands(folder)):
        page = CODE_PAGES[number % len(CODE_PAGES)]
        try:
            code, output = run(arguments, page)
        except Exception:  # noqa: BLE001  # whatever it is, it is the finding
            code, output = 99, traceback.format_exc()
        if code != wanted or "Traceback" in output or "internal error" in output:
            failures += 1
            print(f"{arguments[0]} on {page}: exit {code}, not {wanted}\n{output[-1500:]}")
    print(f"{len(commands(folder))} commands, {failures} failures")
    return failures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) and 1)
