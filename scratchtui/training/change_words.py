"""What became of a session, in words: from one way to stand to another, as undoing leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.experiments.recipe import SEED
from scratchtui.training.difference import shortened, value_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Hyperparameter
    from scratchtui.training.undo import Standing

MOST_PARTS = 3  # of a sentence
MOST_WEIGHTS = 2  # that are named


def change_words(kind: type[Experiment], before: Standing, after: Standing) -> str:
    """Return in a few words what is another after than before."""
    parts = [*_runs(before, after), *_settings(kind, before, after), *_waiting(kind, before, after)]
    parts += [*_weights(before, after), *_stops(before, after), *_pointed(kind, before, after)]
    if before.run.present is after.run.present:
        parts += _list(before, after)
    if len(parts) > MOST_PARTS:
        parts[MOST_PARTS - 1 :] = [f"{len(parts) - MOST_PARTS + 1} more"]
    return ", ".join(parts) or "the last edit"


def _runs(before: Standing, after: Standing) -> Iterator[str]:
    """Tell which run is left for which, unless to its user it is the same one, begun again."""
    left, taken_up = before.run.present, after.run.present
    if left is taken_up:
        return
    if left.name != taken_up.name:
        step = taken_up.latest.step if after.at is None else after.at
        yield f"{left.name} → {taken_up.name}, step {step:,}"
    if left.recipe.seed != taken_up.recipe.seed:
        yield f"seed {left.recipe.seed} → {taken_up.recipe.seed}"


def _settings(kind: type[Experiment], before: Standing, after: Standing) -> Iterator[str]:
    for h in kind.hyperparameters:
        old, new = before.settings[h.key], after.settings[h.key]
        if old == new:
            continue
        if h.kind == "text" and not h.verbatim:
            yield f"{h.label} {_texts(str(old), str(new))}"
        else:
            yield f"{h.label} {value_words(kind, h.key, old)} → {value_words(kind, h.key, new)}"


def _texts(before: str, after: str) -> str:
    """Return which words of a text came or went."""
    old, new = before.split(), after.split()
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    gone, come = (shortened(" ".join(words)) for words in (old, new))
    return f"{gone} → {come}" if gone and come else f"with {come}" if come else f"without {gone}"


def _waiting(kind: type[Experiment], before: Standing, after: Standing) -> Iterator[str]:
    known: dict[str, Hyperparameter] = {h.key: h for h in (*kind.hyperparameters, SEED)}
    for key in {**before.pending, **after.pending}:
        if before.pending.get(key) == after.pending.get(key):
            continue
        waits = key in after.pending
        value = (after if waits else before).pending[key]
        yield f"{known[key].label} {value_words(kind, key, value)} {'waits' if waits else 'waits no longer'}"


def _weights(before: Standing, after: Standing) -> list[str]:
    changed = [name for name, weight in after.weights.items() if before.weights.get(name) != weight]
    if len(changed) > MOST_WEIGHTS:
        return [f"{len(changed):,} weights"]
    return [f"{name} {before.weights[name]:.4g} → {after.weights[name]:.4g}" for name in changed]


def _stops(before: Standing, after: Standing) -> Iterator[str]:
    if before.stops != after.stops:
        old, new = (" or ".join(map(str, each.stops)) or "never" for each in (before, after))
        yield f"stops when {old} → {new}"


def _pointed(kind: type[Experiment], before: Standing, after: Standing) -> Iterator[str]:
    old, new = before.probe, after.probe
    if old.text != new.text:
        yield f"input {shortened(old.text) or 'none'} → {shortened(new.text) or 'none'}"
    if old.picture != new.picture:
        yield kind.picture_words(old.picture, new.picture)
    for unit in sorted(old.held.keys() | new.held.keys()):
        if old.held.get(unit) != new.held.get(unit):
            yield f"unit {unit + 1} " + (f"held at {new.held[unit]:g}" if unit in new.held else "let go")


def _list(before: Standing, after: Standing) -> Iterator[str]:
    """Tell what became of the list of runs."""
    old, new = (
        {run.present: (name, pinned) for run, name, pinned in each.roster.labels} for each in (before, after)
    )
    yield from (f"{name} forgotten" for run, (name, _) in old.items() if run not in new)
    yield from (f"{name} listed again" for run, (name, _) in new.items() if run not in old)
    for run in old.keys() & new.keys():
        (old_name, was_pinned), (name, pinned) = old[run], new[run]
        if old_name != name:
            yield f"name {old_name} → {name}"
        if was_pinned != pinned:
            yield f"{name} {'pinned' if pinned else 'no longer pinned'}"
