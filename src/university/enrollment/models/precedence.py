"""Who comes before everybody else in a queue, because the university canceled the section of a place."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from university.enrollment.models.schema import Base
from university.platform.database import Id, Moment


class Precedence(Base):
    """A student who lost a place in what a queue is for, and when."""

    __tablename__ = "precedence"

    student_id: Mapped[str] = mapped_column(Id, primary_key=True)
    queue_id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
