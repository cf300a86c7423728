"""So many at once, and those beyond wait shortly or not at all."""

import threading

from university.platform.sharing import Share


def test_there_are_so_many_places() -> None:
    share = Share(2)

    assert [share.take(0.01) for _ in range(3)] == [True, True, False]
    assert share.taken == 2


def test_a_place_given_back_is_there_for_the_next() -> None:
    share = Share(1)
    share.take()
    share.leave()

    assert share.take()


def test_who_comes_shortly_after_a_change_gets_the_place_that_becomes_free() -> None:
    share, got = Share(1), []
    share.take()
    waiting = threading.Thread(target=lambda: got.append(share.take(5)))
    waiting.start()
    share.leave()
    waiting.join()

    assert got == [True]


def test_nobody_waits_where_nothing_moves() -> None:
    share = Share(1)
    share.take()
    assert not share.take(0.01)  # This one waited in vain; from now on nobody waits so long.

    answers = [share.take(0.01) for _ in range(100)]

    assert not any(answers)


def test_no_more_wait_than_are_let() -> None:
    share = Share(1, queue=1)
    share.take()
    waiting = threading.Thread(target=lambda: share.take(5))
    waiting.start()
    while not share.waiting:
        pass

    assert not share.take(5)

    share.leave()
    waiting.join()
    assert (share.taken, share.waiting) == (1, 0)
