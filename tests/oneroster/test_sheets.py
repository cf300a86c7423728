"""What a zip of tables may be, and what is said of one that is not."""

import io
import struct
import zipfile

import pytest

from university.platform import sheets
from university.platform.sheets import Fault, Faults, Sheets


def packed(content: bytes, name: str = "things.csv", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def read(content: bytes, *required: str) -> tuple[list[dict[str, str]], list[Fault]]:
    """Return the rows of `things.csv` as dictionaries, and the faults."""
    faults = Faults()
    rows = list(Sheets(content, faults).rows("things.csv", required))
    return [{column: row[column] for column in row.columns} for row in rows], faults.found


def places(found: list[Fault]) -> list[tuple[str, int, str]]:
    return [(fault.file, fault.line, fault.column) for fault in found]


def test_rows_come_by_column_name_without_spaces_around_the_cells() -> None:
    rows, faults = read(packed('\ufeffa, b\r\n1,  ż \r\n\r\n"x,""y""",2\r\n'.encode()), "a", "b")

    assert (rows, faults) == ([{"a": "1", "b": "ż"}, {"a": 'x,"y"', "b": "2"}], [])


def test_a_row_is_named_by_the_line_on_which_it_starts() -> None:
    faults = Faults()
    rows = Sheets(packed(b'a,b\n"one\ntwo",2\n3,4\n'), faults).rows("things.csv", ["a"])

    assert [row.line for row in rows] == [2, 4]


def test_a_column_that_is_absent_is_not_the_same_as_an_empty_cell() -> None:
    (row,) = Sheets(packed(b"a,b\n1,\n"), Faults()).rows("things.csv", ["a"])

    assert (row["b"], "b" in row, row["c"], "c" in row) == ("", True, "", False)


@pytest.mark.parametrize(
    "content",
    [b"", b"not a zip", b"PK\x03\x04 but no more", b"PK\x05\x06", packed(b"a\n1")[:-30], packed(b"a\n1")[30:]],
    ids=["empty", "text", "a head alone", "an end alone", "no end", "no head"],
)
def test_what_is_no_zip_is_one_fault_of_the_file_itself(content: bytes) -> None:
    _rows, (fault,) = read(content, "a")

    assert (fault.file, fault.line, fault.column, fault.message.en) in [
        ("", 0, "", "This is not a zip file."),
        ("things.csv", 0, "", fault.message.en),
    ]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    _rows, (fault,) = read(packed(b"a\n" + b"0" * 20_000_000), "a")

    assert fault.message.en == "A file is compressed beyond belief."


def test_a_bomb_that_lies_about_its_size_is_stopped_by_its_checksum() -> None:
    honest = packed(b"a\n" + b"1,\n" * 500_000)
    size = struct.pack("<L", 2 + 3 * 500_000)
    assert honest.count(size) == 2
    rows, faults = read(honest.replace(size, struct.pack("<L", 1000)), "a")

    assert len(rows) < 1000
    assert places(faults)[-1] == ("things.csv", 0, "")


def test_a_zip_of_too_many_or_too_large_files_is_refused() -> None:
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(sheets.MEMBERS + 1):
            archive.writestr(f"{number}.csv", "a\n")
    _rows, (crowded,) = read(many.getvalue())
    honest, size = packed(b"a\n" + b"1\n" * 61_234), struct.pack("<L", 2 + 2 * 61_234)
    _rows, (large,) = read(honest.replace(size, struct.pack("<L", sheets.MEMBER_BYTES + 1)))

    assert crowded.message.en == "The zip has more than 64 files."
    assert large.message.en == "The files are too large when unpacked."


def test_a_zip_with_a_monstrous_table_of_contents_is_refused_unread() -> None:
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 50_000_000, 0, 0)
    _rows, (fault,) = read(packed(b"a\n")[:-22] + end)

    assert fault.message.en == "This is not a zip file."


def test_an_encrypted_file_is_refused() -> None:
    content = bytearray(packed(b"a\n1\n"))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(signature) + offset] |= 1
    _rows, (fault,) = read(bytes(content), "a")

    assert fault.message.en == "A file is encrypted."


def test_a_damaged_file_is_told_by_its_name() -> None:
    content = bytearray(packed(b"a,b\n" + b"1,2\n" * 50, method=zipfile.ZIP_STORED))
    content[60] ^= 0xFF
    _rows, faults = read(bytes(content), "a")

    assert places(faults)[-1] == ("things.csv", 0, "")


def test_a_missing_file_and_an_empty_one_are_faults() -> None:
    _rows, missing = read(packed(b"a\n", name="other.csv"), "a")
    _rows, empty = read(packed(b""), "a", "b")

    assert places(missing) == [("things.csv", 0, "")]
    assert places(empty) == [("things.csv", 1, "a"), ("things.csv", 1, "b")]


def test_every_missing_column_and_every_doubled_one_is_told() -> None:
    rows, faults = read(packed(b"a,b,a\n1,2,3\n"), "a", "c", "d")

    assert rows == []
    assert places(faults) == [("things.csv", 1, "c"), ("things.csv", 1, "d"), ("things.csv", 1, "a")]


def test_a_ragged_row_is_told_and_the_others_are_read() -> None:
    rows, (fault,) = read(packed(b"a,b\n1\n2,3\n4,5,6\n7,8"), "a")[0], read(packed(b"a,b\n1\n2,3\n"), "a")[1]

    assert [row["a"] for row in rows] == ["2", "7"]
    assert fault.message.en == "The row has 1 cells where the header has 2."


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x7f", "\x85"])
def test_a_control_character_is_told_by_its_cell(sign: str) -> None:
    _rows, (fault,) = read(packed(f"a,b\n1,x{sign}y\n".encode()), "a")

    assert (fault.line, fault.column, fault.message.en) == (2, "b", "The text contains a control character.")


def test_text_that_is_not_utf_8_is_told_by_its_cell_and_can_be_shown() -> None:
    _rows, faults = read(packed("a,b\nż,1\n2,Żółć\n".encode("cp1250")), "a")

    assert places(faults) == [("things.csv", 2, "a"), ("things.csv", 3, "b")]
    assert all(fault.message.en == "The text is not UTF-8." for fault in faults)


def test_a_file_in_utf_16_is_told_once() -> None:
    _rows, faults = read(packed("a,b\n1,2\n".encode("utf-16")), "a")

    assert places(faults) == [("things.csv", 1, "")]


def test_an_unclosed_quotation_mark_is_told_by_the_line_on_which_it_opens() -> None:
    rows, (fault,) = read(packed(b'a,b\n1,2\n3,"4\n5,6\n'), "a")

    assert (rows, fault.line) == ([{"a": "1", "b": "2"}], 3)


def test_a_cell_of_monstrous_length_is_a_fault() -> None:
    _rows, (fault,) = read(packed(b"a\n" + bytes(range(97, 123)) * 6_000 + b"\n"), "a")

    assert (fault.file, fault.line) == ("things.csv", 2)


def test_only_the_first_thousand_faults_are_kept_but_all_are_counted() -> None:
    faults = Faults()
    list(Sheets(packed(b"a,b\n" + b"x\n" * 1_500), faults).rows("things.csv", ["a"]))

    assert (len(faults.found), faults.count) == (1_000, 1_500)


def test_what_is_written_is_read_again_and_the_same_tables_give_the_same_bytes() -> None:
    table = [("a", "b"), ("1", 'ż,"x"\ny'), ("", "2")]
    first, second = (sheets.write({"things.csv": table}) for _ in range(2))

    assert first == second
    assert read(first, "a")[0] == [{"a": "1", "b": 'ż,"x"\ny'}, {"a": "", "b": "2"}]
