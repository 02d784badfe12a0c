"""The scripts of binary and of the neural net: rows, all at once or in batches."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from scratchtui.experiments.samples.points import PLANES, read_features
from scratchtui.training.script.lesson import Lesson, drawn
from scratchtui.training.script.literals import ROWS_OF, digits, numbers

if TYPE_CHECKING:
    from scratchtui.experiments.binary import Binary
    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.experiments.neural import NeuralNet
    from scratchtui.nn import Array

LEARN_FROM = '''
def learn_from(rows, answers):
    """Learn from these rows (N, D) and their targets (N,) from here on."""
    global inputs, targets
    inputs, targets = rows, answers[:, None]
'''
LEARN_IN_BATCHES = '''
shuffler = np.random.default_rng(seeds[2])


def learn_from(rows, answers):
    """Learn from these rows (N, D) and their targets (N,) from here on, in a random order."""
    global inputs, targets, order, place
    inputs, targets = rows, answers[:, None]
    order, place = shuffler.permutation(len(inputs)), 0


def next_batch():
    """Return the next rows, in a new random order each epoch; its last batch may be smaller."""
    global order, place
'''
ALL_AT_ONCE = """    if not batch_size:
        return inputs, targets
"""
IN_BATCHES = """    if place >= len(order):
        order, place = shuffler.permutation(len(order)), 0
    batch = order[place : place + batch_size]
    place += batch_size
    return inputs[batch], targets[batch]
"""
INPUTS_OF = '''
def inputs_of(points):
    """Return what the network is told of points (N, 2)."""
    x, y = points.T
    return np.column_stack(({},))
'''
TOLD = {"x^2": "x * x", "y^2": "y * y", "xy": "x * y", "sin x": "np.sin(x)", "sin y": "np.sin(y)"}


class RowsLesson(Lesson):
    """Rows and their targets; how they are written is up to the experiment."""

    seeds, weight_seed = 3, 1

    @property
    def _in_batches(self) -> bool:
        return self.ever("batch_size") != [0]

    @property
    def next_batch(self) -> str:
        """How the next rows are had."""
        return super().next_batch if self._in_batches else "inputs, targets"

    @property
    def variables(self) -> tuple[str, ...]:
        """The batch size, where there are batches."""
        return ("batch_size",) if self._in_batches else ()

    def data(self) -> str:
        """Return the rows, and how batches of them are taken."""
        learning = LEARN_FROM
        if self._in_batches:
            whole = ALL_AT_ONCE if 0 in self.ever("batch_size") else ""
            learning = LEARN_IN_BATCHES + whole + IN_BATCHES
        return f"{self.reading()}\n{learning}\n\n{self._taught()}\n"

    def renewed(self, key: str) -> str:
        """Return how other rows are learnt from."""
        return self._taught() if key in {"data", "noise"} else ""

    def _taught(self) -> str:
        return f"learn_from({self.rows()}, {numbers(self.answers())})"

    @abstractmethod
    def reading(self) -> str:
        """Return the function that makes inputs of what is written."""

    @abstractmethod
    def rows(self) -> str:
        """Return the expression of the rows that are learnt from."""

    @abstractmethod
    def answers(self) -> Array:
        """Return what the network should say to each of them, (N,)."""


class BinaryLesson(RowsLesson):
    """Bits, and the numbers they spell."""

    experiment: Binary

    def loss(self, settings: Settings) -> str:
        """Return the name of the loss."""
        del settings
        return "mean_squared_error"

    def drawing(self, shape: tuple[int, ...], *, last: bool) -> str:
        """Return how weights are drawn."""
        del last
        return drawn(str(self.settings["initializer"]), shape, float(self.settings["scale"]))

    def reading(self) -> str:
        """Return the function that reads bits."""
        return ROWS_OF

    def rows(self) -> str:
        """Return the expression of the bits."""
        return digits(self.experiment.rows.bits)

    def answers(self) -> Array:
        """Return the label of each row."""
        return self.experiment.rows.labels


class NeuralLesson(RowsLesson):
    """Truth tables, or points in the plane of which some functions are told."""

    experiment: NeuralNet

    def loss(self, settings: Settings) -> str:
        """Return the name of the loss."""
        return {"cross_entropy": "binary_cross_entropy", "squared_error": "sigmoid_squared_error"}[
            str(settings["loss"])
        ]

    def drawing(self, shape: tuple[int, ...], *, last: bool) -> str:
        """Return how weights are drawn."""
        del last
        return drawn(str(self.settings["initializer"]), shape)

    @property
    def variables(self) -> tuple[str, ...]:
        """The batch size and the penalties, where there are any."""
        return (*super().variables, *(key for key in ("l1", "l2") if any(self.ever(key))))

    @property
    def _in_plane(self) -> bool:
        return str(self.settings["data"]).split()[0] in PLANES

    def reading(self) -> str:
        """Return the function that reads bits, or the one of points."""
        if not self._in_plane:
            return ROWS_OF
        names = read_features(str(self.settings["inputs"]))
        return INPUTS_OF.format(", ".join(TOLD.get(name, name) for name in names))

    def rows(self) -> str:
        """Return the expression of the rows that are not held out."""
        examples = self.experiment.dataset.examples
        learnt = examples.inputs[~examples.held_out]
        return f"inputs_of({numbers(learnt)})" if self._in_plane else digits(learnt)

    def answers(self) -> Array:
        """Return the target of each row."""
        examples = self.experiment.dataset.examples
        return examples.targets[~examples.held_out]
