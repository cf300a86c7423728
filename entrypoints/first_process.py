"""What the first process of a container owes: to end when told, and to bury whom others have left."""

import os
import signal
import sys
from types import FrameType

_TOLD_TO_END = 128 + signal.SIGTERM


def begin() -> None:
    """Take both duties over, in a process that is the first; what is started later may do them its own way."""
    if os.getpid() == 1:
        # The kernel keeps from the first process every signal that it does not handle.
        signal.signal(signal.SIGTERM, _end)
        signal.signal(signal.SIGCHLD, _bury)


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(_TOLD_TO_END)


def _bury(_signal: int, _frame: FrameType | None) -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
