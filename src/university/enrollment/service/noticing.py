"""Telling students what happened to their places without their doing; the student module keeps and mails it."""

from dataclasses import asdict
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from university.enrollment.events import NoticeFacts, WindowNoticeFacts, notice_given, window_opened
from university.enrollment.models import RegistrationWindow
from university.enrollment.rules.case import Violation
from university.enrollment.texts import notices
from university.enrollment.texts.notices import Notice
from university.platform import database
from university.platform.database import new_id
from university.platform.messaging.outbox import announce

__all__ = ["Notice", "notify", "notify_audience"]


def notify(session: Session, *given: Notice) -> None:
    """Tell students, in the caller's transaction; nothing in it says who anybody is but an id."""
    moment = database.now(session)
    announce(session, *(notice_given(_facts(notice, moment)) for notice in given))


def notify_audience(session: Session, window: RegistrationWindow, zone: tzinfo, moment: datetime) -> None:
    """Tell all students whom a window is for that it is open; the student module knows who they are."""
    params = {"window": window.name, "closes_at": window.closes_at}
    notice = Notice("window-opens", term_id=window.term_id, params=params, zone=zone)
    facts = WindowNoticeFacts(
        id=new_id(),
        window_id=window.id,
        term_id=window.term_id,
        program=window.program,
        stage=window.stage,
        group=window.group,
        min_ects=window.min_ects,
        kind=notice.kind,
        at=moment,
        params=params,
        title=notices.title(notice),
        body=notices.body(notice),
    )
    announce(session, window_opened(facts))


def _facts(notice: Notice, moment: datetime) -> NoticeFacts:
    return NoticeFacts(
        id=new_id(),
        student_id=notice.student_id,
        term_id=notice.term_id,
        kind=notice.kind,
        at=moment,
        params={name: _plain(value) for name, value in notice.params.items()},
        title=notices.title(notice),
        body=notices.body(notice),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Violation):
        return asdict(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
