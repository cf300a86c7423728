"""How the image of a Python part runs, hardened as in a cluster: it starts, waits, and ends when told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from entrypoints.keys import keys as make_keys
from tests.images import built
from tests.images.building import PYTHON_PARTS
from tests.images.hardened import Container, looked, running, said

pytestmark = [pytest.mark.containers, pytest.mark.slow, pytest.mark.timeout(900)]

SERVICES = PYTHON_PARTS[:3]
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
TOLD_TO_END = 143
ORPHAN = """
import json, os, time
if os.fork() == 0:
    if os.fork() == 0: time.sleep(0.5); os._exit(0)
    os._exit(0)
os.wait()
time.sleep(1.5)
def unburied(pid):
    return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] == "Z"
print(json.dumps([pid for pid in os.listdir("/proc") if pid.isdigit() and unburied(pid)]))
"""


@pytest.fixture(scope="module")
def key_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys of all parts, in a folder that every account may read."""
    folder = tmp_path_factory.mktemp("keys")
    assert CliRunner().invoke(make_keys, [str(folder)]).exit_code == 0
    folder.chmod(0o755)
    for file in folder.iterdir():
        file.chmod(0o644)
    return folder


def _told(part: str, keys: Path) -> dict[str, str]:
    signing = next(file.name for file in keys.iterdir() if file.name.startswith(part))
    return {
        f"UNIVERSITY_DATABASE_URL__{part.upper()}": NOWHERE,
        "UNIVERSITY_BROKER_URL": "amqp://nobody:nothing@127.0.0.1:2/",
        "UNIVERSITY_SIGNING_KEYS": f"/etc/university/keys/{signing}",
        "UNIVERSITY_TRUSTED_KEYS": "/etc/university/keys/trusted.json",
        **{f"UNIVERSITY_NEIGHBOR_URL__{name.upper()}": "http://127.0.0.1:3" for name in SERVICES if name != part},
    }


@pytest.fixture(params=PYTHON_PARTS)
def served(request: pytest.FixtureRequest, key_files: Path) -> Iterator[Container]:
    """A part that serves, without its database."""
    image = built(request.param)[request.param]
    with running(image, told=_told(request.param, key_files), keys=key_files) as container:
        yield container


def test_without_its_database_a_part_lives_unready_and_ends_in_order(served: Container) -> None:
    assert served.answers("/health/live", 200), served.log()
    assert served.answers("/health/ready", 503), served.log()
    assert served.python("import json, os; print(json.dumps([os.getuid(), os.getgid()]))") == [10001, 10001]
    assert served.ended() == 0, served.log()
    assert "Traceback" not in served.log()


@pytest.mark.parametrize("work", ["worker", "relay"])
def test_a_worker_without_anything_lives_unready_and_ends_in_order(work: str, key_files: Path) -> None:
    with running(built("course")["course"], work, told=_told("course", key_files), keys=key_files) as container:
        assert container.answers("/health/live", 200), container.log()
        assert container.answers("/health/ready", 503), container.log()
        assert container.ended() == 0, container.log()


def test_the_first_process_buries_whom_others_have_left(key_files: Path) -> None:
    with running(built("course")["course"], "worker", told=_told("course", key_files), keys=key_files) as container:
        assert container.answers("/health/live", 200), container.log()
        assert container.python(ORPHAN) == []


def test_without_its_care_they_stay_unburied() -> None:
    sleeping = ("-c", "import time; time.sleep(60)")
    with running(built("course")["course"], *sleeping, program="python3") as container:
        assert len(container.python(ORPHAN)) == 1


def test_a_command_that_waits_ends_when_told(key_files: Path) -> None:
    begun = "from entrypoints import first_process; first_process.begin(); open('/tmp/begun', 'x')"
    waiting = ("-c", f"{begun}; import time; time.sleep(60)")
    with running(built("course")["course"], *waiting, program="python3", keys=key_files) as container:
        container.python("import os, time\nwhile not os.path.exists('/tmp/begun'): time.sleep(0.1)\nprint(1)")
        assert container.ended(10) == TOLD_TO_END


def test_without_its_care_it_has_to_be_killed() -> None:
    waiting = ("-c", "import time; time.sleep(60)")
    with running(built("course")["course"], *waiting, program="python3") as container:
        assert container.ended(3) == 137


@pytest.mark.parametrize("part", PYTHON_PARTS)
def test_a_wrong_word_is_told_in_a_sentence(part: str) -> None:
    told = said(built(part)[part], "container", "serve", status=2)
    assert "No such command 'serve'" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("part", "words"),
    [("course", ["reconcile"]), ("course", ["resynchronize"]), ("gateway", ["accounts", "token", "x"])],
)
def test_a_command_that_needs_the_others_says_so(part: str, words: list[str]) -> None:
    assert "Only one module is here." in said(built(part)[part], "university", *words, status=1)


def test_nothing_but_memory_can_be_written_to() -> None:
    program = (
        "import json\n"
        "def writable(folder):\n"
        "    try: open(folder + '/trial', 'w').close()\n"
        "    except OSError: return False\n"
        "    return True\n"
        "folders = '/', '/opt/university', '/etc', '/usr', '/tmp', '/dev/shm'\n"
        "print(json.dumps([one for one in folders if writable(one)]))"
    )
    assert looked(built("course")["course"], program) == ["/tmp", "/dev/shm"]  # noqa: S108 - it is asked about
