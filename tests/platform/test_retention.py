"""The platform remembers as long as it promised, and not for ever."""

from datetime import timedelta

from sqlalchemy import Table, select, update

from tests.house import House
from tests.platform.asking import SOLARIS, ask
from university.platform import database, retention
from university.platform.database import Primary
from university.platform.idempotency import keys_of
from university.platform.messaging.inbox import inbox_of
from university.platform.messaging.outbox import Event, announce, outbox_of

KEYS, OUTBOX, INBOX = keys_of("library"), outbox_of("library"), inbox_of("library")


def aged(primary: Primary, days: float) -> str:
    """Return an id made some days ago."""
    with primary.read() as session:
        then = database.now(session) - timedelta(days=days)
    digits = f"{int(then.timestamp() * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}-7abc-8def-0123456789ab"


def held(primary: Primary, table: Table) -> int:
    """Return how many rows a table holds."""
    with primary.read() as session:
        return len(session.execute(select(table)).all())


def test_a_key_is_kept_for_a_day(library: House) -> None:
    primary = library.modules["library"].primary
    for number in range(3):
        book = {**SOLARIS, "code": f"LEM-{number}"}
        ask(library, "POST", "/books", book, headers={"Idempotency-Key": f"k-{number}"})
    for key, age in (("k-0", timedelta(hours=23, minutes=59)), ("k-1", timedelta(hours=24, minutes=1))):
        with primary.begin() as session:
            session.execute(update(KEYS).where(KEYS.c.key == key).values(created_at=database.now(session) - age))

    assert retention.forget(primary) == 1
    with primary.read() as session:
        assert set(session.scalars(select(KEYS.c.key))) == {"k-0", "k-2"}


def test_an_event_sent_is_kept_for_a_month_and_a_dead_one_for_ever(library: House) -> None:
    primary = library.modules["library"].primary
    rows = [(29.9, "sent"), (30.1, "sent"), (400, "dead"), (401, "pending"), (402, "sent")]
    with primary.begin() as session:
        announce(session, *(Event("enrollment.created.v1", str(number), 1, {}) for number in range(len(rows))))
    for number, (days, status) in enumerate(rows):
        with primary.begin() as session:
            old = update(OUTBOX).where(OUTBOX.c.subject == str(number))
            session.execute(old.values(id=aged(primary, days), status=status))

    assert retention.forget(primary) == 2
    with primary.read() as session:
        assert set(session.scalars(select(OUTBOX.c.subject))) == {"0", "2", "3"}


def test_what_was_heard_is_remembered_longer_than_it_can_be_told_again(library: House) -> None:
    primary = library.modules["library"].primary
    assert retention.HEARD > retention.SENT
    for days in (59.9, 60.1):
        with primary.begin() as session:
            heard = {"subscription": "course.availability", "event_id": aged(primary, days)}
            session.execute(INBOX.insert().values(**heard, heard_at=database.now(session)))

    assert retention.forget(primary) == 1
    assert held(primary, INBOX) == 1


def test_much_is_forgotten_in_small_steps(desk: House) -> None:
    primary = desk.modules["library"].primary
    count = 2 * retention.STEP + 1
    with primary.begin() as session:
        moment = database.now(session) - timedelta(days=2)
        key = {"principal": "p", "operation": "o", "fingerprint": b"f", "created_at": moment}
        session.execute(KEYS.insert(), [{**key, "key": str(number)} for number in range(count)])

    assert retention.forget(primary) == count
    assert held(primary, KEYS) == 0
    assert retention.forget(primary) == 0


def test_forgetting_is_a_chore_of_every_module(desk: House) -> None:
    primary = desk.modules["library"].primary
    with primary.begin() as session:
        old = {"principal": "p", "key": "k", "operation": "o", "fingerprint": b"f"}
        session.execute(KEYS.insert().values(**old, created_at=database.now(session) - timedelta(days=2)))

    desk.chores()

    assert held(primary, KEYS) == 0
