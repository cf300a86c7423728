"""Accounts for everybody on the command line: a file that only its owner reads, and nothing made twice."""

import csv
from pathlib import Path

import pytest

from tests import process
from tests.system import command
from tests.system.conftest import of
from university.platform.settings import Settings

NUMBERS = [f"{number:06}" for number in range(100_001, 100_004)]
PASSWORD = "correct horse battery"


@pytest.fixture
def data(tmp_path: Path) -> str:
    """A folder with a few students and an instructor."""
    with process.filled(Settings(data_dir=tmp_path)) as campus:
        for number in NUMBERS:
            named = {"number": number, "given_name": "Anna", "family_name": "Żak", "email": "anna@example.edu"}
            campus.made("student", "/students", named)
        named = {"number": "curie", "given_name": "Maria", "family_name": "Curie", "email": "curie@example.edu"}
        campus.made("course", "/instructors", named)
    return str(tmp_path)


def codes_in(file: Path) -> dict[str, str]:
    with file.open(encoding="utf-8", newline="") as rows:
        return {row["username"]: row["code"] for row in csv.DictReader(rows)}


def test_everybody_gets_a_code_in_a_file_that_only_its_owner_reads(data: str, tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"

    done = command.university("accounts", "provision", "--out", str(file), UNIVERSITY_DATA_DIR=data)

    assert (done.returncode, done.stdout) == (0, f"4 codes are in {file}.\n"), done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    codes = codes_in(file)
    assert sorted(codes) == [*NUMBERS, "curie"]
    assert not [code for code in codes.values() if code in done.stdout + done.stderr]
    with process.university(Path(data), UNIVERSITY_MODE="production") as running:
        system = of(running)
        wish = {"username": NUMBERS[0], "code": codes[NUMBERS[0]], "password": PASSWORD}
        assert system.ask("POST", "/api/v1/auth/activation", wish).status == 204
        assert system.ask("POST", "/api/v1/auth/token", {"username": NUMBERS[0], "password": PASSWORD}).status == 200


def test_run_again_it_makes_what_is_missing_only_and_never_writes_over_codes(data: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    words = ("accounts", "provision", "--out")
    command.university(*words, str(first), "--instructors", UNIVERSITY_DATA_DIR=data)
    before = first.read_bytes()

    over = command.university(*words, str(first), UNIVERSITY_DATA_DIR=data)
    rest = command.university(*words, str(second), UNIVERSITY_DATA_DIR=data)
    none = command.university(*words, str(tmp_path / "third.csv"), UNIVERSITY_DATA_DIR=data)

    assert (over.returncode, first.read_bytes()) == (1, before)
    assert (sorted(codes_in(first)), sorted(codes_in(second))) == (["curie"], NUMBERS)
    assert rest.stdout == f"3 codes are in {second}. 1 have an account already.\n"
    assert none.stdout == "No code was made. 4 have an account already.\n"
    assert sorted(file.name for file in tmp_path.glob("*.csv*")) == ["first.csv", "second.csv"]


def test_what_a_run_before_left_unfinished_is_kept(data: str, tmp_path: Path) -> None:
    file, part = tmp_path / "codes.csv", tmp_path / "codes.csv.part"
    part.write_text("username,code\nearlier,00000-00000-00000\n", encoding="utf-8")

    command.university("accounts", "provision", "--students", "--out", str(file), UNIVERSITY_DATA_DIR=data)

    assert sorted(codes_in(file)) == [*NUMBERS, "earlier"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert not part.exists()


def test_a_single_one_gets_a_new_code(data: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    command.university("accounts", "provision", "--out", str(first), UNIVERSITY_DATA_DIR=data)

    words = ("accounts", "provision", "--renew", NUMBERS[1], "--out")
    renewed = command.university(*words, str(second), UNIVERSITY_DATA_DIR=data)
    unknown = command.university(*words[:3], "nobody", "--out", str(tmp_path / "third.csv"), UNIVERSITY_DATA_DIR=data)

    assert renewed.returncode == 0
    assert list(codes_in(second)) == [NUMBERS[1]]
    assert codes_in(second)[NUMBERS[1]] != codes_in(first)[NUMBERS[1]]
    assert (unknown.returncode, "no such account" in unknown.stderr) == (1, True)
