"""Processes beside this one: what ends one of them is told, and none outlives the work."""

import os
import signal
import time

import pytest

from relaysim.crew import left, received, sent, started
from relaysim.errors import InvalidInput

KILLED = getattr(signal, "SIGKILL", signal.SIGTERM)


def work(connection, started_at):
    """Answer each message in its way."""
    with left(connection):
        while True:
            asked = connection.recv()
            if asked == "who":
                connection.send(os.getpid())
            elif asked == "stop":
                os.kill(os.getpid(), KILLED)
            else:
                raise InvalidInput(f"began at {started_at}")


def ended(number):
    """Tell whether a process is gone, soon."""
    for _ in range(200):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def test_a_process_that_is_killed_is_missed_not_waited_for():
    with started(2, work, 7) as crew:
        sent(crew[0], "who")
        other = received(crew[0], int)
        sent(crew[1], "stop")
        with pytest.raises(InvalidInput, match=r"one of the processes of `--jobs` was stopped"):
            received(crew[1], int)
    assert ended(other)


def test_what_fails_in_a_process_is_raised_here():
    with started(1, work, 7) as (connection,):
        sent(connection, "who")
        number = received(connection, int)
        sent(connection, "fail")
        with pytest.raises(InvalidInput, match="began at 7"):
            received(connection, int)
    assert ended(number)
