"""What wakes the one who waits for a descriptor."""

import select
from contextlib import closing

from scratchtui.training.bell import Bell


def rings(bell: Bell) -> bool:
    return bool(select.select([bell.fileno], [], [], 0)[0])


def test_a_bell_is_heard_until_it_is_hushed_however_often_it_was_rung() -> None:
    with closing(Bell()) as bell:
        bell.hush()
        assert not rings(bell)
        for _ in range(3):
            bell.ring()
        assert rings(bell)
        bell.hush()
        assert not rings(bell)


def test_a_bell_that_nobody_hears_holds_up_nobody() -> None:
    with closing(Bell()) as bell:
        for _ in range(2**17):  # more than a pipe takes
            bell.ring()
        assert rings(bell)
