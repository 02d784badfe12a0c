"""For how long a process that owes an answer has given none."""

import pytest

from scratchtui.training.silence import LONG, Silence

# what the clock says at each look, whether an answer is owed then, and for how long there is silence
SILENCES = {
    "owed all the time": ([(k / 2, True) for k in range(1, 13)], 6),
    "not long yet": ([(k / 2, True) for k in range(1, 10)], 0),
    "nothing owed": ([(k / 2, False) for k in range(1, 13)], 0),
    "answered": ([*((k / 2, True) for k in range(1, 13)), (6.5, False)], 0),
    "the app was stopped for an hour": ([(0.5, True), (3600.0, True), (3600.5, True)], 0),
}


@pytest.mark.parametrize("name", SILENCES)
def test_silence_is_what_was_owed_while_it_was_looked(name: str) -> None:
    looks, seconds = SILENCES[name]
    now = 0.0
    silence = Silence(lambda: now)
    for now, owed in looks:  # noqa: B007 - the clock reads it
        silence.look(owed=owed)
    assert silence.seconds == seconds


def test_what_is_said_changes_once_a_second_and_with_an_answer() -> None:
    now = 0.0
    silence = Silence(lambda: now)
    changes = []
    for now in (k / 4 for k in range(1, 33)):
        if silence.look(owed=True):
            changes.append(now)  # noqa: PERF401 - the clock reads `now`
    assert changes == [LONG, LONG + 1, LONG + 2, LONG + 3]
    silence.broken()
    assert silence.seconds == 0
