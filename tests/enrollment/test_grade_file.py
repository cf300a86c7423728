"""Files of grades: what spreadsheets write is read, whatever is wrong has a line, and nothing brings it down."""

import csv
import io

import pytest
from hypothesis import given, settings, strategies as st

from university.enrollment.rules import grade_file
from university.enrollment.rules.grade_file import Fault, GradeRow, read


def rows(text: str | bytes) -> list[tuple[int, str, str]]:
    found, faults = read(text if isinstance(text, bytes) else text.encode())
    assert faults == []
    return [(row.line, row.number, row.grade) for row in found]


def faults(text: str | bytes) -> list[tuple[int, str, str]]:
    _, found = read(text if isinstance(text, bytes) else text.encode())
    return [(fault.line, fault.column, fault.code) for fault in found]


@pytest.mark.parametrize(
    "text",
    [
        "number,grade\n1,5.0\n2,4.5\n",
        "\ufeffnumber,grade\r\n1,5.0\r\n2,4.5\r\n",
        "number;grade\n1;5.0\n2;4.5",
        "number\tgrade\n1\t5.0\n2\t4.5\n",
        "Number, GRADE \n 1 , 5.0 \n2,4.5\n",
        'name,number,"grade"\n"Żak, Anna",1,"5.0"\n\'=1+1,2,4.5\n',
        "grade,other,number\n5.0,,1\n4.5,x,2\n",
        "number,grade,grade note\n1,5.0,\n2,4.5,late\n",
    ],
)
def test_files_that_mean_the_same_are_read_alike(text: str) -> None:
    assert rows(text) == [(2, "1", "5.0"), (3, "2", "4.5")]


def test_rows_without_a_grade_and_empty_lines_are_passed_over() -> None:
    assert rows("number,grade\n1,\n\n2,4.5\n,\n3,  \n") == [(4, "2", "4.5")]


def test_columns_that_are_not_read_may_hold_anything() -> None:
    assert rows("number,name,grade\n1,Łucja,5.0\n".encode("cp1250")) == [(2, "1", "5.0")]
    assert rows('number,notes,grade\n1,"two\nlines",5.0\n2,,4.0\n') == [(2, "1", "5.0"), (4, "2", "4.0")]


def test_a_comma_in_a_grade_is_read_where_it_does_not_part_columns() -> None:
    assert rows("number;grade\n1;4,5\n") == rows('number,grade\n1,"4,5"\n') == [(2, "1", "4,5")]
    assert faults("number,grade\n1,4,5\n") == [(2, "", "row-ragged")]


def test_an_apostrophe_that_keeps_spreadsheets_from_calculating_is_no_part_of_a_number() -> None:
    assert rows("number,grade\n'+48,5.0\n'7,5.0\n") == [(2, "+48", "5.0"), (3, "'7", "5.0")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", [(1, "number", "column-missing"), (1, "grade", "column-missing")]),
        ("number\n1\n", [(1, "grade", "column-missing")]),
        ("number,grade,Grade\n1,5.0,4.0\n", [(1, "grade", "column-twice")]),
        ("number,grade\n", [(0, "", "file-empty")]),
        ("number,grade\n1,\n", [(0, "", "file-empty")]),
        ("number,grade\n,5.0\n1\n", [(2, "number", "cell-empty"), (3, "", "row-ragged")]),
        ("number,grade,attempt\n1,5.0,3\n", [(2, "attempt", "attempt-not-open")]),
        ("number,grade\n1,excellent work\n", [(2, "grade", "text-invalid")]),
        ("number,grade\n1\x07,5.0\n", [(2, "number", "text-invalid")]),
        (b"number,grade\n\xff,5.0\n", [(2, "number", "text-invalid")]),
        ('number,grade\n1,"5.0\n', [(2, "", "row-unreadable")]),
        ('number,grade\n1,"5.0"x\n2,4.0\n', [(2, "", "row-unreadable")]),
    ],
)
def test_every_fault_has_a_line_and_a_column(text: str | bytes, told: list[tuple[int, str, str]]) -> None:
    assert faults(text) == told


def test_a_file_has_a_largest_number_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grade_file, "ROWS", 3)
    text = "number,grade\n1,5.0\n2,5.0\n3,5.0\n"
    assert len(rows(text)) == 3
    assert len(rows(text + "\n")) == 3
    assert faults(text + "4,5.0\n") == [(4, "", "too-many-rows")]


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_file_brings_the_reader_down(content: bytes) -> None:
    found, told = read(content)
    assert told or found
    assert all(0 <= fault.line <= content.count(b"\n") + content.count(b"\r") + 2 for fault in told)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["number", "grade", "attempt", "x"]), st.text(max_size=5)), max_size=12))
def test_no_row_of_odd_cells_brings_the_reader_down(cells: list[tuple[str, str]]) -> None:
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow(["number", "grade", "attempt", "x"])
    sheet.writerows([text for _, text in cells[start : start + 4]] for start in range(0, len(cells), 4))
    found, told = read(written.getvalue().encode("utf-8", "surrogatepass"))
    assert all(isinstance(row, GradeRow) for row in found)
    assert all(isinstance(fault, Fault) for fault in told)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True), st.sampled_from(["2.0", "3.5", "5,0", "zal"])),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from(",;\t"),
    st.booleans(),
)
def test_what_a_spreadsheet_writes_comes_back(told: list[tuple[str, str]], delimiter: str, mark: bool) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([("number", "grade"), *told])
    text = ("\ufeff" if mark else "") + written.getvalue()
    assert [(number, grade) for _, number, grade in rows(text)] == told
