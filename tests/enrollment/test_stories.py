"""What happens to places and requests when the neighbors' facts change under them."""

from tests.campus import Campus


def test_the_longest_codes_that_the_catalog_takes_are_taken_here_too(campus: Campus) -> None:
    course, term, words = "X" * 60, "2" * 60, "Program: A/B, " + "x" * 66
    later = campus.term(term)
    campus.window(term_id=later["id"], program=[words], group=[words])
    ann = campus.student(program=words, groups=[words])
    section = campus.section(course, offering={"term": term}, restrictions=[{"program": [words]}])
    assert campus.enroll(ann, section).status == 201
    bob = campus.student()
    campus.completed(bob, course, term=term)
    recognized = {"course": course, "grade": "4.0", "ects": 5, "term": term}
    campus.made("student", f"/students/{ann}/credits-recognized", recognized)
