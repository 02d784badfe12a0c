"""RNN: a network with memory reads a text one character at a time, and learns to write it by itself."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from scratchtui.experiments.escapes import glyph, printable
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.hyperparameter import Hyperparameter, Value, quoted
from scratchtui.experiments.letters import holding
from scratchtui.experiments.letters import views as rnn_views
from scratchtui.experiments.letters.claims import CLAIMS
from scratchtui.experiments.letters.holding import NOTHING_HELD, held_of
from scratchtui.experiments.letters.panels import PANELS
from scratchtui.experiments.letters.reader import Reader
from scratchtui.experiments.letters.reading import Weights, least_probability, writing
from scratchtui.experiments.letters.text import LONGEST, Text
from scratchtui.experiments.letters.windows import Windows
from scratchtui.experiments.optimizer import make_optimizer
from scratchtui.experiments.panel import POINT, Edit, Probe
from scratchtui.experiments.prediction import Prediction
from scratchtui.experiments.recipe import LEARNING_RATE, MOMENTUM, OPTIMIZER, Recipe
from scratchtui.nn import Dense, Sequential, clip_by_norm, recurrent, softmax_cross_entropy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scratchtui.experiments.letters.reading import Reading
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.experiments.view import View
    from scratchtui.nn import Array, Loss

ENOUGH = 0.5  # of the probability: no other character can be as likely
MOST_WRITTEN = 600  # characters after a prompt
IN_A_LINE = 200
HEADLINE = 20
BEFORE = 8  # characters that tell a place in the text
EXAMPLE = 6


class RNN(Experiment):
    """One-hot characters in, a hidden state that is fed back, logits of the next character out."""

    name = "rnn"
    title = "RNN"
    tensor = "0.RNN.Wh"
    question = "Can a network with memory tell the two l's of hello apart, and spell it?"
    prompt = "continue"
    speed = 5.0
    hyperparameters = (
        Hyperparameter("text", "text", "text", "hello", "what it learns: 2 to 4,000 characters",
                       verbatim=True),
        replace(LEARNING_RATE, default=0.0008),
        replace(OPTIMIZER, default="adam"),
        MOMENTUM,
        Hyperparameter("clip", "clip", "float", 1.0, "how long the gradient may be: a longer one is cut",
                       live=True, low=1e-3, high=1e6),
        Hyperparameter("temperature", "temperature", "float", 1.0, "how much is left to chance in writing",
                       live=True, low=0.01, high=100.0),
        Hyperparameter("window", "window", "integer", 200, "how many characters the gradient reaches back",
                       live=True, low=1, high=LONGEST),
        Hyperparameter("hidden", "hidden", "integer", 48, "how many numbers the memory holds",
                       low=1, high=256),
    )  # fmt: skip
    panels = PANELS
    claims = CLAIMS

    batches: Windows
    _logits: Array | None

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        weight_seed, self._sample_seed = np.random.SeedSequence(recipe.seed).spawn(2)
        self._load_text()
        characters, hidden = len(self.text.vocabulary), int(self.settings["hidden"])
        rng = np.random.default_rng(weight_seed)
        self._layer = recurrent.RNN(characters, hidden, rng)
        self.network = Sequential(self._layer, Dense(hidden, characters, rng))
        self._weights = Weights(*self.network.parameters.values())
        self._reader = Reader(self._weights, self.text)
        self.optimizer = make_optimizer(self.network.vector, self.settings)
        self.batches = Windows(self._count)

    def _load_text(self) -> None:
        self.text = Text.of(str(self.settings["text"]))
        self._count = len(self.text.targets)
        letters = self.text.one_hot()
        self._x, self._y = letters[None, :-1].copy(), letters[None, 1:].copy()
        self._logits = None
        self._cut_windows()

    def _cut_windows(self) -> None:
        self._windows = math.ceil(self._count / int(self.settings["window"]))

    def gradient(self) -> float:
        """Leave the gradient over the next window in the network and return its loss."""
        if self._windows == 1:
            logits, y = self._whole(), self._y
        else:
            window = self.batches.stretch(self._windows)
            self._layer.initial = self.batches.carried
            logits, y = self.network.forward(self._x[:, window]), self._y[:, window]
            self.batches.carried = self._layer.state
        self._forget()
        loss, dy = softmax_cross_entropy(logits, y)
        self.network.backward_to_parameters(dy)
        clip_by_norm(self.network.gradient, float(self.settings["clip"]))
        return loss

    def weights_changed(self) -> None:
        """Forget what was made of weights that are now others by no step."""
        self._forget()

    def _forget(self) -> None:
        """Let go of what was made of parameters that change."""
        self._logits = None
        self._reader.forget()

    def _whole(self) -> Array:
        """Return the logits of the whole text, (1, n, V), which the goal and the next step both need."""
        if self._logits is None:
            self._layer.initial = None
            self._logits = self.network.forward(self._x)
        return self._logits

    def can_change(self, key: str, value: Value) -> bool:
        """Whether this network can go on with that value: a text, if its characters are the same."""
        if key == "text":
            return Text.of(str(value)).vocabulary == self.text.vocabulary
        return super().can_change(key, value)

    def changed(self, key: str) -> None:
        """Carry a live hyperparameter, already in `settings`, into text and windows."""
        if key == "text":
            self._load_text()
            self._reader = Reader(self._weights, self.text)
        elif key == "window":
            self._cut_windows()
        else:  # clip and temperature are read where they are needed
            return
        self.batches.resize(self._count)

    @property
    def goal(self) -> str:
        """Every character that comes likelier than all others together."""
        return f"certainty>{ENOUGH:g}"

    def goal_due(self) -> bool:
        """Whether the goal is to be measured now: of a text of several windows once a pass."""
        return self._windows == 1 or self.batches.at_beginning

    def measure(self, metric: str) -> float:
        """Return `loss`, `accuracy` or `certainty`; KeyError for other names."""
        if metric == "certainty":
            if self._windows == 1:  # what the next step needs too
                return least_probability(self._whole()[0], self.text.targets)
            return self.reading().certainty()
        if metric == "accuracy":
            return float(self.reading().right().mean())
        return super().measure(metric)

    def metrics(self) -> dict[str, Any]:
        """Return everything measurable about the present state, ready for JSON."""
        read = self.reading()
        return {
            "text": self.text.characters[0] + self._reader.characters(read.write(self._count)),
            "accuracy": self.measure("accuracy"),
            "certainty": read.certainty(),
        }

    def saying(self, metric: str, text: str) -> Callable[[], bool]:
        """Return what tells whether it writes `text`, no further than to the first character that differs."""
        if metric != "text":
            return super().saying(metric, text)
        first, *wanted = self.text.places_of(text).tolist() if text else [-1]
        if first != self.text.ids[0] or len(wanted) != self._count:
            begin = f"begins with {self.text.glyphs[self.text.ids[0]]} and has {self._count + 1:,} characters"
            raise ValueError(f"what is written {begin}, so it cannot become {quoted(printable(text))}")

        def said() -> bool:
            if len(wanted) != self._count:  # another text is learnt
                return False
            state = self._weights.read(self.text.ids[:1])
            return all(map(int.__eq__, writing(self._weights, state), wanted))

        return said

    def reading(self, held: Mapping[int, float] = NOTHING_HELD, steps: int | None = None) -> Reading:
        """Return what the network makes of `steps` characters, or all; once for the same weights."""
        return self._reader.reading(held, steps)

    def predict(self, text: str) -> Prediction:
        """Return how the network goes on after a prompt; ValueError for characters it does not know."""
        written, probabilities, order = self._reader.goes_on(self.text.ids_of(text), MOST_WRITTEN)
        named = {self.text.glyphs[k]: float(probabilities[k]) for k in order}
        return Prediction(printable(text), printable(written), named)

    def answer(self, text: str) -> str:
        """Return how a prompt goes on; ValueError for characters that are not in the text."""
        return self.prompted(Probe(text))

    def prompted(self, probe: Probe) -> str:
        """Return how the probe's prompt goes on with the units held that it holds."""
        prompt, held = self.text.ids_of(probe.text), self._held(probe)
        written, probabilities, order = self._reader.goes_on(prompt, IN_A_LINE, held)
        likeliest = ", ".join(f"{self.text.glyphs[k]} {probabilities[k]:.0%}" for k in order[:2])
        return f"{printable(probe.text)} → {printable(written)}  ({likeliest})"

    def answers(self) -> dict[str, str]:
        """Return which character is said to come at each place, after those that came before it."""
        glyphs, ids = self.text.glyphs, self.text.ids.tolist()
        said = self._whole()[0].argmax(axis=1).tolist()
        before = ["".join(glyphs[k] for k in ids[max(0, t - BEFORE) : t + 1]) for t in range(len(said))]
        return {f"{t + 1} {before[t]}": glyphs[k] for t, k in enumerate(said)}

    def headline(self) -> str:
        """Return what it writes by itself, and how much of what is looked at is right."""
        read, seen = self._reader.reading_to(0), self._reader.seen
        of = f"{seen:,}" if seen == self._count else f"the first {seen:,}"
        right = np.count_nonzero(read.right()[:seen])
        return f"writes {self._reader.beginning(read, HEADLINE)} · {right} of {of} right"

    def goal_words(self) -> str:
        """Return the goal as it is written for people."""
        return f"every next character p > {ENOUGH:g}"

    def step_budget(self) -> int:
        """Return how many steps are surely enough: the longer the text, the more."""
        return min(100_000, (2_000 + 300 * self._count) * self._windows)

    def notice(self) -> str:
        """Return why there is little to learn, or that the gradient does not reach through the text."""
        if len(self.text.vocabulary) == 1:
            return f"there is only {glyph(self.text.vocabulary[0])} to say: nothing to learn"
        if self._windows > 1:
            most = math.ceil(self._count / self._windows)
            words = f"{self._windows} windows of {'up to ' * (self._count % self._windows > 0)}{most}"
            return f"{words}: the gradient stays within one, the memory does not"
        return ""

    def absent(self) -> frozenset[str]:
        """Return `twins` where no character has two different ones behind it."""
        return frozenset() if self.text.twins else frozenset({"twins"})

    def _place(self, probe: Probe) -> int:
        """Return the time step that is pointed at."""
        return min(probe.row, self._count - 1) % self._count

    def _held(self, probe: Probe) -> dict[int, float]:
        return held_of(probe, len(self._weights.b))

    def view(self, panel: str, timeline: Sequence[Snapshot], probe: Probe) -> View:
        """Return what a panel shows of the present state."""
        del timeline
        held, place, text = self._held(probe), self._place(probe), self.text
        read = partial(self._reader.reading_to, place, held)
        views: dict[str, Callable[[], View]] = {
            "word": lambda: rnn_views.word_table(text, read(), place, self._reader.note(read())),
            "probabilities": lambda: rnn_views.probabilities_matrix(text, read(), place),
            "writes": lambda: self._writes_view(read()),
            "reach": lambda: rnn_views.reach_matrix(text, read(), place, self._windows),
            "memory": lambda: rnn_views.memory_matrix(text, read(), place),
            "twins": lambda: rnn_views.twins_table(text, read()),
            "units": lambda: rnn_views.units_table(text, read(), place),
            "weights": lambda: self.located(
                lambda parameters: rnn_views.weights_gallery(text, Weights(*parameters.values()))
            ),
        }
        return views[panel]()

    def _writes_view(self, read: Reading) -> View:
        seed = np.random.SeedSequence(
            self._sample_seed.entropy, spawn_key=(*self._sample_seed.spawn_key, self.steps)
        )
        return self._reader.writings(read, float(self.settings["temperature"]), seed)

    def example(self) -> tuple[Loss, Array, Array]:
        """Return the loss, and the beginning of the text with what comes next."""
        self._forget()
        self._layer.initial = None
        return softmax_cross_entropy, self._x[:, :EXAMPLE].copy(), self._y[:, :EXAMPLE].copy()

    def edited(self, panel: str, edit: Edit, probe: Probe) -> tuple[Probe, dict[str, Value]]:
        """Point at a time step, or hold a hidden unit at a value, or let it go."""
        if panel == "word" and edit.action == POINT:
            return replace(probe, row=edit.place[0]), {}
        if panel in holding.PANELS and (changed := holding.edited(probe, edit)) is not None:
            return changed, {}
        return super().edited(panel, edit, probe)

    def written(self, panel: str, edit: Edit, probe: Probe) -> str:
        """Return the value of the unit that is about to be held."""
        if panel not in holding.PANELS or edit.action != holding.HOLD:
            return super().written(panel, edit, probe)
        unit = edit.place[0]
        return f"{self.reading(self._held(probe)).states[self._place(probe), unit]:.2f}"
