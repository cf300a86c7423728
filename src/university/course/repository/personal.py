"""What the course module keeps: nothing about students but how many there are."""

from university.platform.personal import Keeping, Records

RECORDS = Records(
    "course",
    Keeping("term", "terms", "for good"),
    Keeping("department", "departments", "for good"),
    Keeping("course", "courses and what they demand", "for good"),
    Keeping("equivalence", "courses that count for one another", "for good"),
    Keeping("instructor", "who teaches, with name and address", "until they are removed"),
    Keeping("offering", "courses taught in a term", "for good"),
    Keeping("section", "their groups", "for good"),
    Keeping("teaching", "who teaches which group", "for good"),
    Keeping("slot", "when groups meet", "for good"),
    Keeping("search_word", "words that the catalog is searched by", "as long as what they name"),
    Keeping("availability", "how many have a place", "for good"),
    Keeping("availability_clock", "how new that is", "for good"),
    Keeping("counted_enrollment", "which places are counted, by their ids", "for good"),
    Keeping("catalog_revision", "how new the catalog is", "for good"),
)
