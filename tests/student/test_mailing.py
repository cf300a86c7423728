"""Mails go out once they are due, to whom and in the language that holds then, and are tried again while that helps."""

import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from tests.house import House
from tests.servers.smtp import HANG_UP, Catcher, catching
from tests.student.notices import hear, notice, told
from tests.student.people import PIOTR, ZOFIA, enter, themself
from university.platform.settings import Settings
from university.student.models import Mail
from university.student.repository import mails
from university.student.rules import mailing as rules
from university.student.service import mailing, post
from university.student.service.mailing import Mailing
from university.student.wiring import StudentWiring

FROM, PAGES = "Uniwersytet Łódzki <no-reply@example.edu>", "https://enroll.example.edu/"
MAILED = {"mail_from": FROM, "public_url": PAGES}


@pytest.fixture
def catcher() -> Iterator[Catcher]:
    with catching() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _long_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round is never over too early, however slow the machine is."""
    monkeypatch.setattr(mailing, "ROUND", 120.0)


@pytest.fixture
def office(settings: Settings, catcher: Catcher) -> Iterator[House]:
    """The student module with a mail server."""
    opened = House(settings.model_copy(update={**MAILED, "smtp_url": catcher.url})).open(StudentWiring())
    yield opened
    opened.close()


def sender(house: House, **more: Any) -> Mailing:
    """Return a sender as a worker of its own would have it."""
    return Mailing(house.modules["student"].primary, house.settings.model_copy(update=more))


def rows(house: House) -> list[Mail]:
    with house.modules["student"].primary.read() as session:
        return list(session.scalars(select(Mail).order_by(Mail.made_at, Mail.notification_id)))


def prefer(house: House, student: dict[str, Any], **wanted: Any) -> None:
    body = {"email": True, "language": "pl", **wanted}
    path, headers = "/students/me/notification-settings", {"If-Match": "*"}
    assert house.call("student", "PUT", path, body, who=themself(student), headers=headers).status == 200


def test_a_mail_says_in_polish_what_the_notification_says(office: House, catcher: Catcher) -> None:
    facts = notice(enter(office, ZOFIA)["id"])
    hear(office, told(facts))

    assert sender(office).send() == 1

    (caught,) = catcher.taken
    assert (caught.sender, caught.recipients) == ("no-reply@example.edu", ["zofia@example.edu"])
    message = caught.message
    assert [one.display_name for one in message["To"].addresses] == ["Zofia Żółć"]
    assert [(one.display_name, one.addr_spec) for one in message["From"].addresses] == [
        ("Uniwersytet Łódzki", "no-reply@example.edu")
    ]
    assert message["Subject"] == "Masz miejsce: Żeglarstwo śródlądowe"
    assert message["Message-ID"] == f"<{facts['id']}@example.edu>"
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "pl")
    assert message.get_content_type() == "text/plain"
    assert abs(parsedate_to_datetime(message["Date"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert caught.text == (
        "Dzień dobry, Zofia Żółć!\n\n"
        "Zwolniło się miejsce i należy do Ciebie.\n\n"
        "Wszystkie powiadomienia: https://enroll.example.edu/notifications\n\n"
        "Otrzymujesz tę wiadomość, ponieważ tu studiujesz. Listy można tam wyłączyć; prosimy na ten nie odpowiadać.\n"
    )
    assert message.defects == []
    assert all(part.defects == () for part in (message["To"], message["From"], message["Subject"], message["Date"]))


def test_a_mail_says_in_english_what_the_notification_says(office: House, catcher: Catcher) -> None:
    piotr = enter(office, PIOTR)
    prefer(office, piotr, language="en")
    hear(office, told(notice(piotr["id"])))
    sender(office).send()

    (caught,) = catcher.taken
    assert (caught.message["Subject"], caught.message["Content-Language"]) == ("You have a place in Calculus", "en")
    assert caught.text.startswith("Hello Piotr Nowak-Kowalski,\n\nA place became free, and it is yours.\n\n")


def test_what_is_on_the_line_is_seven_bits_and_short_lines(office: House, catcher: Catcher) -> None:
    zofia = enter(office, {**ZOFIA, "family_name": "Żółć " * 20 + "Ż"})
    title = "Zażółć gęślą jaźń " * 12
    hear(office, told(notice(zofia["id"], title={"pl": title.strip(), "en": ""}, body={"pl": title * 9, "en": ""})))
    sender(office).send()

    (caught,) = catcher.taken
    content = caught.raw
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert caught.message["Subject"] == title.strip()
    assert title * 9 in caught.text


def test_a_notice_heard_twice_is_one_mail(office: House, catcher: Catcher) -> None:
    news = told(notice(enter(office, ZOFIA)["id"]))
    hear(office, news, news)
    sender(office).send()
    hear(office, {**news, "id": notice("")["id"]})

    assert sender(office).send() == 0
    assert len(catcher.taken) == len(rows(office)) == 1


def test_who_wants_no_mails_gets_none(office: House, catcher: Catcher) -> None:
    zofia, piotr = enter(office, ZOFIA), enter(office, PIOTR)
    prefer(office, zofia, email=False)
    hear(office, told(notice(zofia["id"])), told(notice(piotr["id"])))

    assert (sender(office).send(), len(rows(office))) == (1, 1)
    assert [caught.recipients for caught in catcher.taken] == [["piotr@example.edu"]]


def test_name_address_and_wishes_are_those_of_the_moment_of_sending(office: House, catcher: Catcher) -> None:
    zofia, piotr = enter(office, ZOFIA), enter(office, PIOTR)
    hear(office, told(notice(zofia["id"])), told(notice(piotr["id"])))
    prefer(office, piotr, email=False)
    prefer(office, zofia, language="en")
    changed = {"email": "new@example.org", "family_name": "Nowa"}
    assert office.call("student", "PATCH", "/students/100001", changed, headers={"If-Match": "*"}).status == 200

    assert sender(office).send() == 1

    (caught,) = catcher.taken
    assert (caught.recipients, caught.text.partition("\n")[0]) == (["new@example.org"], "Hello Zofia Nowa,")
    assert {row.fault for row in rows(office)} == {None, "not wanted"}


def test_a_mail_knows_neither_name_nor_address(office: House) -> None:
    hear(office, told(notice(enter(office, ZOFIA)["id"])))
    sender(office).send()

    (row,) = rows(office)
    kept = {column.name: getattr(row, column.name) for column in Mail.__table__.columns}
    assert "zofia" not in str(kept).lower()
    assert (row.attempts, row.fault, row.gave_up_at, row.sent_at is None) == (1, None, None, False)


def test_a_batch_goes_by_one_connection(office: House, catcher: Catcher) -> None:
    zofia = enter(office, ZOFIA)
    hear(office, *(told(notice(zofia["id"])) for _ in range(7)))

    assert sender(office).send() == 7
    assert (len(catcher.taken), catcher.connections) == (7, 1)
    assert catcher.greeted == ["example.edu"]
    assert sender(office).send() == 0
    assert catcher.connections == 1


def test_a_round_ends_and_leaves_the_rest_to_the_next(
    office: House, catcher: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "ROUND", 0.0)
    hear(office, told(notice(enter(office, ZOFIA)["id"])))

    assert (sender(office).send(), [row.attempts for row in rows(office)]) == (0, [0])
    assert catcher.taken == []


def test_a_refusal_for_now_is_tried_again_after_a_pause(office: House, catcher: Catcher) -> None:
    zofia, piotr = enter(office, ZOFIA), enter(office, PIOTR)
    hear(office, told(notice(zofia["id"])), told(notice(piotr["id"])))
    catcher.to_recipient = lambda address: "451 4.2.0 busy" if address.startswith("zofia") else "250 OK"

    assert sender(office).send() == 1
    assert sender(office).send() == 0
    assert sorted(row.fault or "" for row in rows(office)) == ["", "451 4.2.0"]
    catcher.to_recipient = lambda _: "250 OK"
    office.travel(rules.PAUSE)

    assert sender(office).send() == 1
    assert sorted(caught.recipients[0] for caught in catcher.taken) == ["piotr@example.edu", "zofia@example.edu"]
    assert [(row.fault, row.gave_up_at) for row in rows(office)] == [(None, None)] * 2


@pytest.mark.parametrize("asked", ["to_recipient", "to_mail"])
def test_a_refusal_for_good_is_given_up_and_told_without_the_address(
    office: House, catcher: Catcher, asked: str
) -> None:
    facts = notice(enter(office, ZOFIA)["id"])
    hear(office, told(facts))
    setattr(catcher, asked, lambda address: f"550 5.1.1 <{address}> Zofia who?")

    with structlog.testing.capture_logs() as logs:
        assert sender(office).send() == 0
    catcher.taken.clear()
    office.travel(timedelta(hours=1))
    sender(office).send()

    assert logs == [
        {
            "event": "mail given up",
            "log_level": "warning",
            "module": "mail",
            "notification_id": facts["id"],
            "fault": "550 5.1.1",
        }
    ]
    assert catcher.taken == []
    assert [(row.fault, row.gave_up_at is None) for row in rows(office)] == [("550 5.1.1", False)]


def test_one_that_is_refused_holds_back_nobody(office: House, catcher: Catcher) -> None:
    students = [enter(office, {**ZOFIA, "number": f"2{n}", "email": f"s{n}@example.edu"}) for n in range(6)]
    hear(office, *(told(notice(student["id"])) for student in students))
    answers = {"s1@example.edu": "550 no", "s3@example.edu": "451 later"}
    catcher.to_recipient = lambda address: answers.get(address, "250 OK")

    assert sender(office).send() == 4
    assert catcher.connections == 1


def test_a_server_that_hangs_up_after_taking_a_mail_gets_it_again_under_the_same_name(
    office: House, catcher: Catcher
) -> None:
    facts = notice(enter(office, ZOFIA)["id"])
    hear(office, told(facts))
    catcher.to_mail = lambda _: HANG_UP

    assert sender(office).send() == 0
    catcher.to_mail = lambda _: "250 OK"
    office.travel(rules.PAUSE)
    assert sender(office).send() == 1

    assert [caught.message["Message-ID"] for caught in catcher.taken] == [f"<{facts['id']}@example.edu>"] * 2


def test_a_server_that_takes_few_by_one_connection_gets_the_rest_by_others(office: House, catcher: Catcher) -> None:
    zofia = enter(office, ZOFIA)
    hear(office, *(told(notice(zofia["id"])) for _ in range(5)))
    calls = iter(range(100))
    catcher.to_recipient = lambda _: HANG_UP if next(calls) % 3 == 2 else "250 OK"

    assert sender(office).send() == 4
    catcher.to_recipient = lambda _: "250 OK"
    office.travel(rules.PAUSE)
    assert sender(office).send() == 1
    assert len(catcher.taken) == 5


def test_a_server_that_keeps_silent_is_left_alone(
    office: House, catcher: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "TIMEOUT", 2.0)
    zofia = enter(office, ZOFIA)
    hear(office, *(told(notice(zofia["id"])) for _ in range(3)))
    catcher.pause = 30.0
    began = time.monotonic()

    assert sender(office).send() == 0

    assert time.monotonic() - began < 10
    assert sorted(row.attempts for row in rows(office)) == [0, 0, 1]


def test_while_nobody_answers_no_mail_is_tried(office: House) -> None:
    hear(office, told(notice(enter(office, ZOFIA)["id"])))
    with catching() as gone:
        away = gone.url

    with structlog.testing.capture_logs() as logs:
        assert sender(office, smtp_url=away).send() == 0

    assert [(log["event"], log["fault"]) for log in logs] == [("mail server not reached", "ConnectionRefusedError")]
    assert [row.attempts for row in rows(office)] == [0]
    assert sender(office).send() == 1


def test_an_attempt_that_never_ended_is_made_again_when_its_time_is_over(office: House) -> None:
    hear(office, told(notice(enter(office, ZOFIA)["id"])))
    with office.modules["student"].primary.begin() as session:
        assert mails.take(session, mailing.LEASE) is not None

    assert sender(office).send() == 0
    office.travel(mailing.LEASE)
    assert sender(office).send() == 1
    assert [row.attempts for row in rows(office)] == [2]


def test_what_was_sent_before_a_crash_is_sent_again_under_the_same_name(
    office: House, catcher: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(office, told(notice(enter(office, ZOFIA)["id"])))

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr(mails, "sent", dies)
        with pytest.raises(KeyboardInterrupt):
            sender(office).send()
    office.travel(mailing.LEASE)

    assert sender(office).send() == 1
    first, second = (caught.message["Message-ID"] for caught in catcher.taken)
    assert first == second


def test_many_senders_at_once_send_each_mail_once(office: House, catcher: Catcher) -> None:
    zofia = enter(office, ZOFIA)
    made = [notice(zofia["id"]) for _ in range(24)]
    hear(office, *map(told, made))

    sent = at_once(office, senders=4)

    assert (sum(sent), len(catcher.taken)) == (24, 24)
    assert {caught.message["Message-ID"] for caught in catcher.taken} == {f"<{one['id']}@example.edu>" for one in made}


def test_without_the_lease_they_send_some_twice(
    office: House, catcher: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    zofia = enter(office, ZOFIA)
    hear(office, *(told(notice(zofia["id"])) for _ in range(24)))
    catcher.pause = 0.02
    monkeypatch.setattr(mailing, "LEASE", timedelta())

    at_once(office, senders=4)

    assert len(catcher.taken) > 24


def at_once(house: House, senders: int) -> list[int]:
    """Let workers send at the same time; return how many each sent."""
    start = threading.Barrier(senders)

    def work(one: Mailing) -> int:
        start.wait()
        return one.send()

    with ThreadPoolExecutor(senders) as pool:
        return list(pool.map(work, [sender(house) for _ in range(senders)]))


def test_after_too_many_attempts_a_mail_is_given_up(office: House, catcher: Catcher) -> None:
    hear(office, told(notice(enter(office, ZOFIA)["id"])))
    catcher.to_recipient = lambda _: "450 later"
    tries = 0
    while rows(office)[0].gave_up_at is None:
        sender(office).send()
        tries += 1
        assert tries <= rules.ATTEMPTS
        office.travel(rules.LONGEST if tries > 8 else rules.PAUSE * 2 ** (tries - 1))

    assert (tries, rows(office)[0].fault) == (rules.ATTEMPTS, "450")


def test_a_mail_that_waited_too_long_is_not_sent_any_more(office: House, catcher: Catcher) -> None:
    hear(office, told(notice(enter(office, ZOFIA)["id"])))
    office.travel(rules.LATEST + timedelta(seconds=1))

    assert sender(office).send() == 0
    assert (catcher.taken, rows(office)[0].fault) == ([], "too late")


@pytest.mark.parametrize("address", ["<x>@example.edu", "źółć@example.edu"])
def test_an_address_that_is_none_is_given_up(settings: Settings, address: str) -> None:
    with catching(utf8=False) as catcher:
        told_so = settings.model_copy(update={**MAILED, "smtp_url": catcher.url})
        house = House(told_so).open(StudentWiring())
        strange, zofia = enter(house, {**PIOTR, "email": address}), enter(house, ZOFIA)
        hear(house, told(notice(strange["id"])), told(notice(zofia["id"])))

        assert sender(house).send() == 1
        assert [caught.recipients for caught in catcher.taken] == [["zofia@example.edu"]]
        assert [row.gave_up_at is None for row in rows(house)].count(False) == 1
        house.close()


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Zażółć Gęślą Jaźń", "Brzęczyszczykiewicz-Szczebrzeszyńska z Łękołodów " * 2 + "Śródka"),
        ("Ann, the (first)", 'O\'Neill "Nell" <x@y>'),
        ("A" * 120, "B " * 59 + "B"),
        ("Zoë 🎓", "Ω"),
    ],
)
def test_every_name_arrives_as_it_is(office: House, catcher: Catcher, given: str, family: str) -> None:
    student = enter(office, {**ZOFIA, "given_name": given, "family_name": family})
    hear(office, told(notice(student["id"], title={"pl": f"{given}: {family}", "en": ""})))
    sender(office).send()

    (caught,) = catcher.taken
    (to,) = (line for line in message_from_bytes(caught.raw, policy=compat32).get_all("To", []))
    name, _, address = str(make_header(decode_header(to))).rpartition(" ")
    assert (name.strip('"').replace('\\"', '"'), address) == (f"{given} {family}", "<zofia@example.edu>")
    assert caught.message["Subject"] == f"{given}: {family}"
    assert caught.raw.isascii()
    assert max(map(len, caught.raw.split(b"\r\n"))) <= 998


def test_an_address_in_polish_reaches_a_server_that_takes_it(office: House, catcher: Catcher) -> None:
    zofia = enter(office, {**ZOFIA, "email": "żółć@example.edu"})
    hear(office, told(notice(zofia["id"])))

    assert sender(office).send() == 1
    assert catcher.taken[0].recipients == ["żółć@example.edu"]


def test_settled_mails_are_forgotten_after_a_month_and_what_was_told_stays(office: House) -> None:
    zofia = enter(office, ZOFIA)
    news = told(notice(zofia["id"]))
    hear(office, news)
    sender(office).send()
    assert sender(office).forget() == 0
    office.travel(mailing.KEPT + timedelta(seconds=1))
    hear(office, told(notice(zofia["id"])))

    assert (sender(office).forget(), len(rows(office))) == (1, 1)
    hear(office, {**news, "id": notice("")["id"]})
    assert len(rows(office)) == 1
    assert office.call("student", "GET", "/students/100001/notifications").json["unread"] == 2


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_password_goes_over_tls_to_a_server_that_proves_who_it_is(
    office: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    secure = certified(tmp_path)
    hear(office, told(notice(enter(office, ZOFIA)["id"])))
    with catching(secure=secure, at_once=scheme == "smtps", password="ka:@/") as catcher:
        url = f"{scheme}://university:{{}}@localhost:{catcher.port}"
        with structlog.testing.capture_logs() as logs:
            assert sender(office, smtp_url=url.format("x")).send() == 0
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls.crt"))
        with structlog.testing.capture_logs() as more:
            assert sender(office, smtp_url=url.format("x")).send() == 0
        assert [log["fault"] for log in (*logs, *more)] == ["SSLCertVerificationError", "535 5.7.8"]
        assert sender(office, smtp_url=url.format("ka%3A%40%2F")).send() == 1
        assert len(catcher.taken) == 1


def test_a_server_that_does_not_offer_tls_gets_nothing(office: House, catcher: Catcher) -> None:
    hear(office, told(notice(enter(office, ZOFIA)["id"])))

    assert sender(office, smtp_url=catcher.url.replace("smtp:", "smtp+starttls:")).send() == 0
    assert catcher.taken == []


def certified(folder: Path) -> ssl.SSLContext:
    """Return what a server of the name localhost shows, with a certificate that lies in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    ).add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    (folder / "tls.crt").write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "tls.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.crt", folder / "tls.key")
    return context
