"""The text: its twins."""

import pytest

from tests.experiments.letters.runs import untrained


@pytest.mark.parametrize(
    ("text", "twins"), [("hello", (2, 3)), ("abcabd", (1, 4)), ("aab", (0, 1)), ("abab", None)]
)
def test_twins_are_the_first_places_that_only_memory_tells_apart(
    text: str, twins: tuple[int, int] | None
) -> None:
    experiment = untrained(text=text)
    assert experiment.text.twins == twins
    assert experiment.absent() == (frozenset() if twins else frozenset({"twins"}))
