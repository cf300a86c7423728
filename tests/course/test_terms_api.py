"""Terms: their dates, deadlines and calendars, and who may change them."""

from typing import Any

from tests.course.catalog import STUDENT, TUESDAYS, Catalog, faulty, refusal

HOLIDAY = {"date": "2026-11-11", "off": True}
SWAPPED = {"date": "2027-01-28", "runs_as": "tue", "parity": "odd", "from": "14:00"}

FAULTY: list[tuple[dict[str, Any], list[str]]] = [
    ({"ends_on": "2026-09-30"}, ["ends_on"]),
    ({"ends_on": "2199-01-01"}, ["ends_on"]),
    ({"calendar": [{"date": "2026-12-24"}]}, ["calendar[0].runs_as"]),
    ({"calendar": [{"date": "2025-12-24", "off": True}]}, ["calendar[0].date"]),
    ({"calendar": [HOLIDAY, HOLIDAY]}, ["calendar[1].date"]),
    ({"calendar": [{**HOLIDAY, "parity": "odd"}]}, ["calendar[0].parity"]),
    ({"calendar": [{"date": "2026-13-24", "off": 1}]}, ["calendar[0].date", "calendar[0].off"]),
    ({"max_ects": -1, "title": ""}, ["max_ects", "title"]),
]


def test_a_term_is_read_as_it_was_written(catalog: Catalog) -> None:
    term = catalog.term(calendar=[HOLIDAY, SWAPPED], add_until="2026-10-14", max_ects=30.5)

    assert catalog.get("/terms/2026Z") == term
    assert catalog.get(f"/terms/{term['id']}") == term
    assert term["calendar"] == [HOLIDAY, SWAPPED]
    assert term["max_ects"] == 30.5


def test_deadlines_default_to_the_last_day_and_move_with_it(catalog: Catalog) -> None:
    catalog.term(add_until="2026-10-14")

    changed = catalog.patch("/terms/2026Z", {"ends_on": "2027-03-01"}).json

    assert (changed["add_until"], changed["drop_until"], changed["withdraw_until"]) == (
        "2026-10-14",
        "2027-03-01",
        "2027-03-01",
    )
    assert catalog.patch("/terms/2026Z", {"add_until": None}).json["add_until"] == "2027-03-01"


def test_terms_are_listed_in_the_order_of_time_page_by_page(catalog: Catalog) -> None:
    for year in (2028, 2026, 2027):
        catalog.term(code=f"{year}Z", starts_on=f"{year}-10-01", ends_on=f"{year + 1}-02-14")

    first = catalog.get("/terms?limit=2&total=true")
    second = catalog.get(f"/terms?limit=2&cursor={first['next']}")

    assert [term["code"] for term in first["items"] + second["items"]] == ["2026Z", "2027Z", "2028Z"]
    assert (first["total"], second["next"]) == (3, None)


def test_a_faulty_term_is_refused_with_every_fault(catalog: Catalog) -> None:
    term = {"code": "2026Z", "title": "Zima", "starts_on": "2026-10-01", "ends_on": "2027-02-14"}

    for fields, faults in FAULTY:
        assert sorted(faulty(catalog.post("/terms", {**term, **fields}))) == faults
    assert catalog.get("/terms")["items"] == []


def test_a_code_belongs_to_one_term(catalog: Catalog) -> None:
    taken = {"code": "2026Z", "title": "Inny", "starts_on": "2026-10-01", "ends_on": "2027-02-14"}
    catalog.term()
    catalog.term(code="2027Z")

    assert refusal(catalog.post("/terms", taken)) == (409, "term-code-taken")
    assert refusal(catalog.patch("/terms/2027Z", {"code": "2026Z"})) == (409, "term-code-taken")


def test_a_change_names_the_version_it_rests_on(catalog: Catalog) -> None:
    catalog.term()

    assert refusal(catalog.ask("PATCH", "/terms/2026Z", {"title": "A"})) == (428, "if-match-missing")
    assert catalog.patch("/terms/2026Z", {"title": "A"}, '"v1"').headers["ETag"] == '"v2"'
    assert refusal(catalog.patch("/terms/2026Z", {"title": "B"}, '"v1"')) == (412, "stale-version")
    assert catalog.patch("/terms/2026Z", {"title": "B"}, '"v1", "v2"').json["title"] == "B"


def test_a_change_that_changes_nothing_is_no_news(catalog: Catalog) -> None:
    catalog.term()

    assert catalog.patch("/terms/2026Z", {"title": "Zima"}).json["version"] == 1
    assert catalog.patch("/terms/2026Z", {}).json["version"] == 1
    assert catalog.news() == [("course.term.created.v1", 1)]


def test_only_the_registrar_writes_terms_and_everybody_reads(catalog: Catalog) -> None:
    term = {"code": "X", "title": "X", "starts_on": "2026-10-01", "ends_on": "2027-02-14"}

    assert catalog.ask("POST", "/terms", term, who=None).status == 401
    assert catalog.ask("POST", "/terms", term, who=STUDENT).status == 403
    assert catalog.ask("GET", "/terms", who=None).status == 200
    assert refusal(catalog.ask("GET", "/terms/nothing", who=None)) == (404, "term-not-found")
    assert catalog.ask("GET", "/terms/%00%01%ff", who=None).status == 404


def test_a_repeated_post_with_the_same_key_creates_one_term(catalog: Catalog) -> None:
    term = {"code": "2026Z", "title": "Zima", "starts_on": "2026-10-01", "ends_on": "2027-02-14"}
    key = {"Idempotency-Key": "once"}

    first, second = (catalog.ask("POST", "/terms", term, headers=key) for _ in range(2))
    other = catalog.ask("POST", "/terms", {**term, "code": "2027Z"}, headers=key)

    assert (second.status, second.body, second.headers["Location"]) == (201, first.body, first.headers["Location"])
    assert refusal(other) == (422, "idempotency-key-reused")
    assert len(catalog.get("/terms")["items"]) == 1


def test_refusals_speak_polish_to_who_asks_in_polish(catalog: Catalog) -> None:
    polish = {"Accept-Language": "pl"}
    backward = {"code": "2026Z", "title": "Zima", "starts_on": "2026-10-01", "ends_on": "2026-01-01"}

    missing = catalog.ask("GET", "/terms/nothing", headers=polish)
    refused = catalog.ask("POST", "/terms", backward, headers=polish)

    assert missing.json["title"] == "Nie ma takiego semestru."
    assert refused.json["errors"][0]["message"] == "Semestr nie może kończyć się przed początkiem."


def test_a_changed_calendar_moves_the_dates_of_sections(catalog: Catalog) -> None:
    term = catalog.term()
    section = catalog.section(
        offering_id=catalog.offering(term_id=term["id"])["id"], meetings=[{**TUESDAYS, "weeks": "odd"}]
    )
    before = catalog.facts(section["id"])["occurrences"]

    catalog.patch("/terms/2026Z", {"calendar": [{"date": "2026-10-13", "off": True}], "ends_on": "2026-11-09"})

    after = catalog.facts(section["id"])
    assert before[:3] == [[day, "14:00", "15:30"] for day in ("2026-10-13", "2026-10-27", "2026-11-10")]
    assert after["occurrences"] == [["2026-10-27", "14:00", "15:30"]]
    assert after["deadlines"]["add_until"] == "2026-11-09"
    assert after["version"] == 2


def test_a_calendar_outside_of_new_dates_is_refused(catalog: Catalog) -> None:
    catalog.term(calendar=[HOLIDAY])

    assert faulty(catalog.patch("/terms/2026Z", {"starts_on": "2026-12-01"})) == ["calendar[0].date"]
    assert catalog.get("/terms/2026Z")["version"] == 1
