"""What of a run is no array: each long text once, and nothing beyond its bounds, written or read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchtui.experiments.binary import Binary
from scratchtui.training import meta
from scratchtui.training.archive import ArchiveTooLargeError
from scratchtui.training.journal import Entry

ROWS = "none " + " ".join(f"+{row % 256}={row}" for row in range(1000))


def there_and_back(journal: list[Entry], settings: dict[str, Any]) -> tuple[list[Entry], str]:
    text = json.dumps({"hyperparameters": settings, **meta.stored_journal(journal, settings)})
    return meta.loaded_journal(Binary, json.loads(text)), text


def test_a_text_that_is_edited_again_and_again_stands_once() -> None:
    texts = [ROWS + " +1" * k for k in range(50)] + [(ROWS + " +1" * 49).replace("+7=7 ", "")]
    journal = [Entry(step, "data", text) for step, text in enumerate(texts * 2)]
    read, text = there_and_back(journal, {"data": ROWS})
    assert read == journal
    assert len(text) < 1.5 * len(ROWS)
    assert read[3].value is read[3 + len(texts)].value


@given(
    texts=st.lists(st.text("ab\u221a \U0001f600", max_size=6).map(lambda text: "x" * 99 + text), max_size=6)
)
def test_any_texts_come_back(texts: list[str]) -> None:
    stored = meta.stored_journal([Entry(0, "data", text) for text in texts], {"data": "all"})
    found = meta._loaded_texts(json.loads(json.dumps(stored["texts"])), "all")
    assert [
        found[entry[2]["text"]] if isinstance(entry[2], dict) else entry[2] for entry in stored["journal"]
    ] == texts


def test_a_journal_as_it_was_written_at_first_is_read() -> None:
    stored = [[3, "data", ROWS], [4, "learning_rate", 0.5], [5, "0.Dense.W[1,0]", 2.5]]
    read = meta.loaded_journal(Binary, {"hyperparameters": {"data": "all"}, "journal": stored})
    assert [[entry.step, entry.key, entry.value] for entry in read] == stored


@pytest.mark.parametrize("stored", [[0, "x", 4], [4, "x", 0], [-1, "x", 0], [0, "x", -1], [2, "x", 2], 5])
def test_a_text_that_is_not_what_it_says_is_refused(stored: Any) -> None:
    assert meta._loaded_texts([[1, "x", 2]], "all") == {0: "axll"}
    with pytest.raises((ValueError, TypeError)):
        meta._loaded_texts([stored], "all")


LARGE: dict[str, str] = {
    "long": '{"x": "' + "x" * 10_000 + '"}',
    "objects": '{"x": [' + "{}," * 101 + "{}]}",
    "lists": "[" * 102,
    "items": '{"x": [' + "1," * 201 + "1]}",
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_what_would_take_memory_is_refused_before_it_is_read(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, most in (("LONGEST", 9000), ("MOST_OBJECTS", 100), ("MOST_ITEMS", 200)):
        monkeypatch.setattr(meta, name, most)
    monkeypatch.setattr(json, "loads", pytest.fail)
    with pytest.raises(ArchiveTooLargeError, match="MiB of settings and changes"):
        meta.read(text)


def test_what_could_not_be_read_again_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meta, "LONGEST", 9000)
    with pytest.raises(ArchiveTooLargeError):
        meta.written({}, "x" * meta.LONGEST)


def test_texts_that_grow_out_of_a_few_letters_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meta, "MOST_TEXT", 2**20)
    grows = [[0, ROWS, 0], *[[len(ROWS), "", 0]] * 200]
    with pytest.raises(ArchiveTooLargeError, match="1 MiB of texts"):
        meta._loaded_texts(grows, "")
    with pytest.raises(ArchiveTooLargeError, match="1 MiB of texts"):
        meta.stored_journal([Entry(0, "data", f"{ROWS} {k}") for k in range(200)], {})
