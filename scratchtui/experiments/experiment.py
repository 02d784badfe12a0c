"""What every experiment is: a recipe made into a network that can step and be seen."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from scratchtui.experiments import handwork
from scratchtui.experiments.elements import Elements, is_element, located_tiles
from scratchtui.experiments.forecast import Forecast
from scratchtui.experiments.optimizer import make_optimizer, tune
from scratchtui.experiments.recipe import FROZEN, find_hyperparameter, frozen_of
from scratchtui.experiments.snapshot import Snapshot
from scratchtui.nn import gradient_check

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scratchtui.experiments.batches import Place
    from scratchtui.experiments.claim import Claim
    from scratchtui.experiments.elements import Places
    from scratchtui.experiments.hyperparameter import Hyperparameter, Remark, Settings, Value
    from scratchtui.experiments.panel import Edit, Panel, Probe
    from scratchtui.experiments.prediction import Prediction
    from scratchtui.experiments.recipe import Recipe
    from scratchtui.experiments.view import Gallery, View
    from scratchtui.nn import Array, Loss, Optimizer, Sequential, TensorCheck


class Experiment(ABC):
    """Data, network and optimizer of one recipe, and pure views of them.

    A subclass sets the class variables, builds `network`, `optimizer` and `batches`, and says what
    a batch, its loss, a measurement and a view are.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    question: ClassVar[str]
    hyperparameters: ClassVar[tuple[Hyperparameter, ...]]
    panels: ClassVar[tuple[Panel, ...]]
    claims: ClassVar[tuple[Claim, ...]]
    prompt: ClassVar[str] = ""  # what is asked for at the prompt; nothing where there is none
    speed: ClassVar[float] = 10.0  # steps a second at which the app begins: one of its speeds
    input_files: ClassVar[bool] = False  # whether `predict` is given files to read its inputs from
    tensor: ClassVar[str] = "0.Dense.W"  # one that every network of it has, for examples
    first: ClassVar[str] = ""  # the panel where the user acts first, if not the hyperparameters

    network: Sequential
    optimizer: Optimizer
    batches: Place

    def __init_subclass__(cls) -> None:
        """Let every experiment freeze weights."""
        super().__init_subclass__()
        if "hyperparameters" in cls.__dict__:
            cls.hyperparameters = (*cls.hyperparameters, frozen_of(cls.tensor))

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.settings: Settings = dict(recipe.settings)
        self.steps = self.changes = 0
        self.loss = math.nan

    @abstractmethod
    def gradient(self) -> float:
        """Leave the next batch's gradient in the network and return its loss."""

    @property
    @abstractmethod
    def goal(self) -> str:
        """The condition, METRIC<VALUE or METRIC>VALUE, at which training has done what it is for."""

    def goal_due(self) -> bool:
        """Whether the goal is to be measured now: one that costs more than a step is due now and then only.

        It must depend on the present state alone, so that a run that is resumed ends where it would have.
        """
        return True

    def measure(self, metric: str) -> float:
        """Return a metric that is one number, or the loss of the last step; KeyError for no such name."""
        if metric == "loss":
            return self.loss
        value = self.metrics()[metric]
        if not isinstance(value, float):
            raise KeyError(metric)
        return value

    @abstractmethod
    def metrics(self) -> dict[str, Any]:
        """Return everything measurable about the present state, ready for JSON."""

    def saying(self, metric: str, text: str) -> Callable[[], bool]:
        """Return what tells, whenever it is called, whether a metric that is a text is this one.

        ValueError, in one sentence, where it can never be; KeyError for no such metric.
        """
        self.metrics()[metric]
        return lambda: bool(self.metrics()[metric] == text)

    @abstractmethod
    def predict(self, text: str) -> Prediction:
        """Return the answer to an input of the command line; ValueError if it is none."""

    @abstractmethod
    def view(self, panel: str, timeline: Sequence[Snapshot], probe: Probe) -> View:
        """Return what a panel shows of the present state, and of the snapshots that led to it."""

    @abstractmethod
    def changed(self, key: str) -> None:
        """Carry a live hyperparameter, already in `settings`, into data or network."""

    @abstractmethod
    def headline(self) -> str:
        """Return the few words and figures that say how far it has come."""

    @abstractmethod
    def goal_words(self) -> str:
        """Return the goal as it is written for people."""

    @abstractmethod
    def example(self) -> tuple[Loss, Array, Array]:
        """Return the loss, and a small batch to check gradients on: input and target."""

    def check_gradients(self) -> tuple[TensorCheck, ...]:
        """Compare the gradient of each tensor with central differences, at the present parameters."""
        return gradient_check(self.network, *self.example())

    def spelled(self, argument: str) -> bool:
        """Whether an argument that may name a file of inputs is an input itself."""
        del argument
        return False

    def inputs(self, text: str) -> list[str]:
        """Return the inputs in a file's text, each as `predict` takes it; ValueError if there are none."""
        return [text]

    def answer(self, text: str) -> str:
        """Return a line that answers what was typed at the prompt; ValueError if it cannot."""
        raise ValueError(f"{self.title} has no prompt, so no answer to {text!r}")

    def prompted(self, probe: Probe) -> str:
        """Return the line that answers what the probe says was typed; ValueError if it cannot.

        It is `answer`, unless something else that the probe points at has a say in it.
        """
        return self.answer(probe.text)

    @staticmethod
    def picture_words(before: str, after: str) -> str:
        """Return in a few words what became of the picture of a probe."""
        del before, after
        return "the drawing"

    def edited(self, panel: str, edit: Edit, probe: Probe) -> tuple[Probe, dict[str, Value]]:
        """Return what an edit makes of the probe, and the live settings or weights that it changes.

        ValueError, in one sentence, where it cannot be. Changes nothing itself.
        """
        if edit.action in handwork.ACTIONS:
            return probe, handwork.edited(self.elements, self.frozen, edit)
        raise ValueError(f"nothing in {panel} of {self.title} can be changed by {edit.action}")

    def written(self, panel: str, edit: Edit, probe: Probe) -> str:
        """Return as text what stands where an edit is about to be made, to be typed over, saved or copied."""
        del panel, probe
        return handwork.written(self.network.vector, edit) if edit.action in handwork.ACTIONS else ""

    @cached_property
    def elements(self) -> Elements:
        """The names of all weights."""
        return Elements(self.network.parameters)

    def weight(self, name: str) -> float:
        """Return the weight of that name; ValueError if there is none."""
        return float(self.network.vector[self.elements.one(name)])

    def located(self, draw: Callable[[Mapping[str, Array]], Gallery]) -> Gallery:
        """Return the view that `draw` makes of parameters by name, its cells knowing which weight each is."""
        return located_tiles(draw(self.network.parameters), draw(self.elements.arrays), self.frozen)

    @property
    def frozen(self) -> Places:
        """Which elements of the parameters keep their value."""
        return self.find_frozen()

    def find_frozen(self) -> Places:
        """Return the elements that the setting freezes; ValueError where it names one that there is not."""
        return handwork.frozen_by(self.settings, self.elements)

    def answers(self) -> dict[str, str]:
        """Return the answer to each input of the dataset, both as they are written for people."""
        return {}

    @property
    def has_held_out(self) -> bool:
        """Whether there is anything that is not trained on."""
        return False

    def held_out_loss(self) -> float:
        """Return the loss on what is not trained on; nan where everything is."""
        return math.nan

    def absent(self) -> frozenset[str]:
        """Return the names of the panels that have nothing to show under these settings."""
        return frozenset()

    def forecast(self) -> Forecast:
        """Return when the goal will be met from here, where theory can tell."""
        return Forecast(None)

    def step_budget(self) -> int:
        """Return how many steps are surely enough to meet the goal."""
        return 100_000

    def remarks(self) -> dict[str, Remark]:
        """Return what is to be said of single hyperparameters, by key."""
        return {}

    def notice(self) -> str:
        """Return the sentence most worth reading about these data and settings, or nothing."""
        return ""

    def notices(self) -> list[str]:
        """Return all such sentences, the most worth reading first."""
        return [notice] if (notice := self.notice()) else []

    def divergence_advice(self) -> str:
        """Return what to do about a loss that is no longer finite."""
        return "lower the learning rate"

    def step(self) -> float:
        """Take one step and return its loss; nothing is updated where that is not finite."""
        place = self.batches.state
        loss = self.gradient()
        if math.isfinite(loss):
            if (frozen := self.frozen).size:
                handwork.step_but(frozen, self.network, self.optimizer)
            else:
                self.optimizer.step(self.network.gradient)
            self.steps += 1
            self.loss = loss
        else:
            self.batches.state = place  # the batch was not learnt from
        return loss

    def can_change(self, key: str, value: Value) -> bool:
        """Whether this network can go on with that value; ValueError for a key that there is not."""
        del value
        return is_element(key) or find_hyperparameter(type(self), key).live

    def change(self, key: str, value: Value) -> None:
        """Change a live hyperparameter, or a weight; ValueError if it is structural or makes no sense."""
        if is_element(key):
            self.network.vector[self.elements.one(key)] = handwork.finite(value)
            self.weights_changed()
            self.changes += 1
            return
        if not self.can_change(key, value):
            raise ValueError(f"{key} needs a new network: it cannot change while training")
        before = self.settings
        self.settings = {**before, key: value}
        try:
            if key in {"learning_rate", "momentum"}:
                tune(self.optimizer, self.settings)
            elif key == "optimizer":
                self.optimizer = make_optimizer(self.network.vector, self.settings)
            elif key == FROZEN.key:
                self.find_frozen()
            else:
                self.changed(key)
        except ValueError:
            self.settings = before
            raise
        self.changes += 1

    def weights_changed(self) -> None:  # noqa: B027 - only an experiment that remembers has to
        """Forget what was made of weights that are now others by no step."""

    def snapshot(self) -> Snapshot:
        """Return a copy of the whole state."""
        return Snapshot(
            self.steps,
            self.settings,
            self.network.vector.copy(),
            self.optimizer.state.copy(),
            self.batches.state,
            self.loss,
            self.changes,
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Return to the state of `snapshot`, which must be of a network of the same structure."""
        snapshot = snapshot.whole()
        if snapshot.settings is not self.settings:
            for key, value in snapshot.settings.items():
                if self.settings[key] != value:
                    self.change(key, value)
            self.settings = snapshot.settings
        self.network.load(snapshot.parameters)
        self.optimizer.state[:] = snapshot.optimizer
        self.batches.state = (dict(snapshot.batches[0]), snapshot.batches[1])
        self.steps, self.loss, self.changes = snapshot.step, snapshot.loss, snapshot.changes
        self.weights_changed()
