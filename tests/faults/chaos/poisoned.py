"""Run a module's process with a fault in it: its hearers fail on the events of some students, while a file says so.

`UNIVERSITY_TEST_POISON` names the file, which holds student ids; when it is gone the fault is mended.
"""

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from university.platform.messaging import inbox

FILE = Path(os.environ["UNIVERSITY_TEST_POISON"])
_hear: Callable[..., None] = inbox.hear


def hear(primary: Any, subscription: str, events: Any, apply: Callable[..., None]) -> None:
    """Fail inside the transaction, after the inbox has taken note."""

    def applied(session: Any, fresh: list[dict[str, Any]]) -> None:
        apply(session, fresh)
        poisoned = set(FILE.read_text().split()) if FILE.exists() else set()
        if any(event["data"].get("student_id") in poisoned for event in fresh):
            raise LookupError("poison")

    _hear(primary, subscription, events, applied)


if __name__ == "__main__":
    inbox.hear = hear
    module = sys.argv.pop(1)
    importlib.import_module(f"entrypoints.{module}").main()
