"""The RNN as it is seen: pure functions from what it makes of its text to plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.escapes import glyph
from scratchtui.experiments.letters import windows
from scratchtui.experiments.view import Gallery, Matrix, Prose, Table, Tile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from scratchtui.experiments.letters.reading import Reading, Weights
    from scratchtui.experiments.letters.text import Text
    from scratchtui.experiments.view import Mood
    from scratchtui.nn import Array

MOST_ROWS = 96  # time steps in a table, around the one that is pointed at
MOST_COLUMNS = 40  # time steps in a matrix
FEW = 8  # time steps that are read from above to below
LEAST_CONTEXT, CONTEXT = 4, 8  # characters
GUESSES = 3
TARGET = "*"


def centred(place: int, count: int, most: int) -> slice:
    """Return the stretch of at most `most` of `count` time steps with a place in its middle."""
    start = max(0, min(place - most // 2, count - most))
    return slice(start, min(count, start + most))


def name(unit: int) -> str:
    """Return what a unit is called: they are counted from 1, as those of the other networks are."""
    return str(unit + 1)


def word_table(text: Text, reading: Reading, place: int, note: str) -> Table:
    """Return a row for each time step: what is read, what comes, and what is said."""
    span = centred(place, len(reading.targets), MOST_ROWS)
    probabilities, targets = reading.probabilities(span), reading.targets[span]
    right = probabilities[np.arange(len(targets)), targets].tolist()
    best = likeliest_few(probabilities, GUESSES)
    rows = []
    for row, step in enumerate(range(span.start, span.stop)):
        said = [f"{text.glyphs[k]} {probabilities[row, k]:.2f}" for k in best[row].tolist()]
        target = text.glyphs[targets[row]]
        rows.append((text.context(step, CONTEXT), target, f"{right[row]:.2f}", *said))
    columns = ("read", "next", "p", "says", *["or"] * (best.shape[1] - 1))
    wrong = frozenset(np.flatnonzero(best[:, 0] != targets).tolist())
    ids = tuple(range(span.start, span.stop))
    return Table(columns, tuple(rows), tuple(right), wrong, note, ids, place)


def likeliest_few(probabilities: Array, few: int) -> NDArray[np.intp]:
    """Return the places of the `few` largest of each row, largest first, the first of equal ones first."""
    left, best = probabilities.copy(), []
    for _ in range(min(few, probabilities.shape[1])):
        best.append(left.argmax(axis=1))
        left[np.arange(len(left)), best[-1]] = -1.0
    return np.stack(best, axis=1)


def probabilities_matrix(text: Text, reading: Reading, place: int) -> Matrix:
    """Return the distribution over characters at each time step, the one that comes marked."""
    span = centred(place, len(reading.targets), MOST_COLUMNS)
    marks = {(target, column): TARGET for column, target in enumerate(reading.targets[span].tolist())}
    says = tuple(f"→{each}" for each in text.glyphs)
    return Matrix(reading.probabilities(span).T, says, _read(text, span), 1.0, marks=marks)


def memory_matrix(text: Text, reading: Reading, place: int) -> Matrix:
    """Return the hidden state at each time step: down, as the word has them, or across if they are many."""
    span = centred(place, len(reading.targets), MOST_COLUMNS)
    states = reading.states[span]
    units = tuple(f"{name(unit)}{'=' * (unit in reading.held)}" for unit in range(states.shape[1]))
    if len(states) <= FEW:
        read = tuple(text.context(step, CONTEXT) for step in range(span.start, span.stop))
        return Matrix(states, read, units, 1.0)
    return Matrix(states.T, units, _read(text, span), 1.0)


def reach_matrix(text: Text, reading: Reading, place: int, count: int) -> Matrix:
    """Return how strongly the loss of each time step depends on the hidden state at each before it."""
    window = windows.around(place, len(reading.targets), count)
    inside = centred(place - window.start, window.stop - window.start, MOST_COLUMNS)
    span = slice(window.start + inside.start, window.start + inside.stop)
    comes = tuple(f"→{glyph(text.characters[step + 1])}" for step in range(span.start, span.stop))
    return Matrix(reading.reach(span), comes, _read(text, span), logarithmic=True)


def _read(text: Text, span: slice) -> tuple[str, ...]:
    return tuple(glyph(character) for character in text.characters[span])


def twins_table(text: Text, reading: Reading) -> Table:
    """Return each unit at two places of one character, and how far it moves the balance of what follows."""
    twins = text.twins
    if twins is None:
        return Table(("unit",), (), note="no character has two different ones behind it")
    one, other = twins
    before, after = reading.targets[one], reading.targets[other]
    leaning = reading.weights.W[:, after] - reading.weights.W[:, before]
    moves = (reading.states[other] - reading.states[one]) * leaning
    order = np.argsort(-moves, kind="stable").tolist()
    largest = float(np.abs(moves).max()) or 1.0
    first, second = (text.glyphs[k] for k in (before, after))
    rows = tuple(
        (_unit(unit, reading.held), f"{reading.states[one, unit]:+z.2f}",
         f"{reading.states[other, unit]:+z.2f}", f"{moves[unit]:+z.2f}")
        for unit in order
    )  # fmt: skip
    logits = reading.logits(list(twins))
    balance = (logits[:, after] - logits[:, before]).tolist()
    note = f"{second} over {first}: {balance[0]:+.1f} → {balance[1]:+.1f}"
    names = _twin_names(text, one, other)
    heat = tuple((moves[order] / largest).tolist())
    return Table(("unit", *names, f"to {second}"), rows, heat, frozenset(), note, tuple(order))


def _twin_names(text: Text, one: int, other: int) -> tuple[str, str]:
    """Return what has been read at two places, as little of it as tells them apart."""
    for length in range(LEAST_CONTEXT, CONTEXT + 1):
        names = text.context(one, length), text.context(other, length)
        if names[0] != names[1]:
            return names
    return f"{text.context(one, 3)} {one + 1}", f"{text.context(other, 3)} {other + 1}"


def units_table(text: Text, reading: Reading, place: int) -> Table:
    """Return the hidden units after a time step, and which are held."""
    state, held = reading.states[place], reading.held
    rows = tuple(
        (name(unit), f"{value:+z.2f}", f"{held[unit]:+z.2f}" if unit in held else "")
        for unit, value in enumerate(state.tolist())
    )
    columns = ("unit", f"after {text.context(place, 5)}", "held at")
    marked = frozenset(held)
    return Table(columns, rows, tuple(state.tolist()), marked, held_words(held), tuple(range(len(state))))


def _unit(unit: int, held: Mapping[int, float]) -> str:
    return f"{name(unit)} held" if unit in held else name(unit)


def held_words(held: Mapping[int, float]) -> str:
    """Return which units are held, nothing if none is."""
    if not held:
        return ""
    if len(held) > 4:
        return f"{len(held)} units are held"
    return "held: " + ", ".join(f"unit {name(unit)} at {value:g}" for unit, value in sorted(held.items()))


def weights_gallery(text: Text, weights: Weights) -> Gallery:
    """Return every weight and bias."""
    characters = text.glyphs
    units = tuple(map(name, range(len(weights.b))))

    def tile(title: str, values: Array, down: tuple[str, ...], across: tuple[str, ...]) -> Tile:
        return Tile(title, Matrix(np.atleast_2d(values), down, across))

    return Gallery(
        (
            tile("Wh: unit to unit", weights.Wh, units, units),
            tile("Wx: character to unit", weights.Wx, characters, units),
            tile("W: unit to character", weights.W.T, characters, units),
            tile("b: unit", weights.b, ("b",), units),
            tile("c: character", weights.c, ("c",), characters),
        )
    )


def writings(lines: Iterable[tuple[str, Sequence[tuple[str, bool]]]], notes: Iterable[str]) -> Prose:
    """Return what is written, each line under its name, as (character, whether it is right); then notes."""
    paragraphs: list[tuple[tuple[str, Mood], ...]] = []
    for name, characters in lines:
        paragraphs += [((name, "dim"),), tuple(_spans(characters)), ()]
    return Prose((*paragraphs, *(((note, "dim"),) for note in notes)))


def _spans(characters: Sequence[tuple[str, bool]]) -> Iterable[tuple[str, Mood]]:
    """Yield runs of right and of wrong characters, the wrong ones in brackets."""
    start = 0
    for end in range(1, len(characters) + 1):
        right = characters[start][1]
        if end == len(characters) or characters[end][1] != right:
            run = [character for character, _ in characters[start:end]]
            if right:
                yield "".join(" " if c == " " else glyph(c) for c in run), "good"
            else:
                yield f"[{''.join(map(glyph, run))}]", "bad"
            start = end
