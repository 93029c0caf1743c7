"""Forking: a child begins with clean signals, dies with its parent, and never returns into its parent's code."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable

FAILED = 70  # EX_SOFTWARE
HANDLED = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def fork(run: Callable[[], None]) -> int:
    """A child that runs this and exits; answers its number. The child starts with SIGTERM blocked."""
    parent = os.getpid()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
    try:
        child = os.fork()
        if not child:
            _be_child(parent, run)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return child


def _be_child(parent: int, run: Callable[[], None]) -> None:
    status = FAILED
    try:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:  # else it died before we could ask to die with it
            _clean_signals()
            run()
            status = 0
    except BaseException:
        traceback.print_exc(file=sys.stderr)
    finally:
        os._exit(status)


def _clean_signals() -> None:
    """The terminal's signals are for the supervisor; ours is SIGTERM, and it waits until somebody is ready for it."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED - {signal.SIGTERM})


def reap(child: int) -> int | None:
    """How this child ended: its exit code, or minus the signal; None while it lives."""
    try:
        found, status = os.waitpid(child, os.WNOHANG)
    except ChildProcessError:
        return FAILED
    return os.waitstatus_to_exitcode(status) if found else None


def send_signal(child: int, number: signal.Signals) -> None:
    """To a child not reaped yet, so that the number cannot be somebody else's."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, number)


def ending(status: int) -> str:
    """How it ended, for people."""
    if status >= 0:
        return f"exit {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def wait(child: int) -> None:
    """Until it has ended; it was killed before."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child, 0)
