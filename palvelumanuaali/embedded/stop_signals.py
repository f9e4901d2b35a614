"""Signals that ask to stop, noted when they come and heeded where it is safe to."""

import os
import signal
import subprocess
import time
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# One Ctrl-C may arrive twice, from the terminal and from make: only a later one is another one.
SAME_WISH_SECONDS = 0.5


class StopAsked(BaseException):
    """A signal asked to stop. Not an Exception, so that no handler of errors takes it."""


class StopSignals:
    """Notes the signals that ask to stop, from `install` on."""

    def __init__(self) -> None:
        self.received: int | None = None
        self.hurried = False
        self._received_at = 0.0
        self._target: subprocess.Popen[bytes] | None = None

    def install(self) -> None:
        """Take over the handling of the signals."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._note)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.received is None:
            self.received, self._received_at = number, now
        elif now - self._received_at > SAME_WISH_SECONDS:
            self.hurried = True
        if self._target:
            _forward(number, self._target)

    def check(self) -> None:
        """Raise StopAsked where a signal has come."""
        if self.received is not None:
            raise StopAsked

    def pause(self, seconds: float = 0.02) -> None:
        """Wait, unless a signal has come."""
        self.check()
        time.sleep(seconds)
        self.check()

    def forward_to(self, target: subprocess.Popen[bytes]) -> None:
        """Hand on the signals to `target`, the one that came already too."""
        self._target = target
        if self.received is not None:
            _forward(self.received, target)


def _forward(number: int, target: subprocess.Popen[bytes]) -> None:
    if number == signal.SIGINT and _in_foreground():
        return  # Ctrl-C: the terminal sent it to the target as well
    target.send_signal(number)


def _in_foreground() -> bool:
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
