"""What is learnt: one file is one experiment. `EXPERIMENTS` lists them, and imports each when first used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from scratchtui.experiments.hyperparameter import suggestion

if TYPE_CHECKING:
    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.recipe import Recipe
    from scratchtui.experiments.snapshot import Snapshot


class Entry(NamedTuple):
    """The title of a tab, and the module and class of its experiment: known before numpy is."""

    title: str
    module: str
    kind: str


class Catalogue(Mapping[str, "type[Experiment]"]):
    """Experiments by name, in the order of their tabs."""

    def __init__(self, entries: dict[str, Entry]) -> None:
        self._entries = entries

    def __getitem__(self, name: str) -> type[Experiment]:
        entry = self._entries[name]
        return cast("type[Experiment]", getattr(import_module(entry.module), entry.kind))

    def __contains__(self, name: object) -> bool:
        return name in self._entries  # asking does not import it

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def title(self, name: str) -> str:
        """Return the title of a tab, without importing its experiment."""
        return self._entries[name].title

    def add(self, name: str, entry: Entry) -> None:
        """List one more experiment."""
        self._entries[name] = entry


EXPERIMENTS = Catalogue(
    {
        "binary": Entry("Binary", "scratchtui.experiments.binary", "Binary"),
        "nn": Entry("Neural net", "scratchtui.experiments.neural", "NeuralNet"),
        "cnn": Entry("CNN", "scratchtui.experiments.cnn", "CNN"),
        "rnn": Entry("RNN", "scratchtui.experiments.rnn", "RNN"),
    }
)


def find_experiment(name: str) -> type[Experiment]:
    """Return the experiment of that name; ValueError names the nearest there is."""
    if name not in EXPERIMENTS:
        raise ValueError(f"there is no experiment {name!r}; {suggestion(name, EXPERIMENTS, listing=True)}")
    return EXPERIMENTS[name]


def build(recipe: Recipe, snapshot: Snapshot | None = None) -> Experiment:
    """Return the experiment of `recipe`, at step 0 or a snapshot; ValueError if it cannot be built."""
    experiment = find_experiment(recipe.experiment)(recipe)
    experiment.find_frozen()
    if snapshot is not None:
        experiment.restore(snapshot)
    return experiment
