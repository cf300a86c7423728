"""What the student module keeps: the only place where students have names."""

from university.platform.personal import GONE, Keeping, Records

RECORDS = Records(
    "student",
    Keeping("student", "who studies or studied here, and how to reach them", "for good; the name until erased", "id"),
    Keeping(
        "student_word", "words of names and numbers, to be found by", "as long as the name", "student_id", erased=GONE
    ),
    Keeping("hold", "what keeps a student from something, and why", "until it is lifted", "student_id", erased=GONE),
    Keeping("recognized_credit", "what was completed elsewhere", "for good", "student_id"),
    Keeping("test_score", "scores of tests", "until they are struck", "student_id", erased=GONE),
    Keeping("recorded_enrollment", "the study record", "for good", "student_id"),
    Keeping("notification", "what a student was told", "until erased", "student_id", erased=GONE),
    Keeping("notification_setting", "how a student wants to be told", "until erased", "student_id", erased=GONE),
    Keeping(
        "mail", "what became of e-mails, without their text", "30 days", "notification_id", "notification", erased=GONE
    ),
    Keeping(
        "timetable_feed",
        "feeds for calendar programs",
        "until they are ended",
        "student_id",
        hidden=("token_digest",),
        erased=GONE,
    ),
    Keeping("known_term", "terms, as the catalog tells them", "for good"),
    Keeping("known_course", "courses, as the catalog tells them", "for good"),
    Keeping("known_section", "sections, as the catalog tells them", "for good"),
)
