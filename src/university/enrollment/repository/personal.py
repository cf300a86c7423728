"""What the enrollment module keeps: students by their ids, and what they and the staff wrote to one another."""

from university.platform.personal import GONE, Keeping, Records

_ENROLLMENT = ("enrollment_id", "enrollment")
RECORDS = Records(
    "enrollment",
    Keeping("enrollment", "who has, had or waits for a place, with grades", "for good", "student_id"),
    Keeping("enrollment_change", "what became of a place, and by whom", "for good", *_ENROLLMENT),
    Keeping("enrollment_section", "the sections of a place", "for good", *_ENROLLMENT),
    Keeping(
        "grade_change",
        "grades posted and corrected, by whom and why",
        "for good",
        *_ENROLLMENT,
        erased={"reason": None},
    ),
    Keeping("permission_use", "where a permission was used", "for good", *_ENROLLMENT),
    Keeping("requisite_check", "what must be judged anew", "until it is", *_ENROLLMENT),
    Keeping("broken_requisite", "requisites that a grade broke", "for good", *_ENROLLMENT, erased={"reason": None}),
    Keeping("waitlist_entry", "places in queues", "while they wait", *_ENROLLMENT),
    Keeping("wanted_section", "sections that are waited for", "while they wait", *_ENROLLMENT),
    Keeping(
        "permission", "rules put aside for a student, by whom and why", "for good", "student_id", erased={"reason": ""}
    ),
    Keeping(
        "consent_request",
        "what students asked for, and the answer",
        "for good",
        "student_id",
        erased={"message": "", "answer": None},
    ),
    Keeping("plan", "what students mean to register for", "until they remove it", "student_id", erased=GONE),
    Keeping("precedence", "who goes first in a queue after a canceled section", "until it is used", "student_id"),
    Keeping("student_standing", "whether a student may register, as last heard", "for good", "student_id"),
    Keeping("student_term", "a lock for each student and term", "for good", "student_id"),
    Keeping("section", "sections and their seats, as the catalog tells them", "for good"),
    Keeping("seat_pool", "seats reserved for some", "for good"),
    Keeping("waitlist", "queues", "for good"),
    Keeping("registration_window", "when whom registration is open for", "until they are removed"),
    Keeping("registration_policy", "how strict a term is", "for good"),
)
