"""CNN: an 8x8 face smiles, frowns, or neither, and filters that look for curves tell which."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scratchtui.experiments.claim import Claim
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.faces import curation, dataset
from scratchtui.experiments.faces import views as face_views
from scratchtui.experiments.faces.answers import METRICS, Answers
from scratchtui.experiments.faces.augmentation import Augmentation, AugmentedBatches
from scratchtui.experiments.faces.examiner import Examiner
from scratchtui.experiments.faces.face import (
    LABELS,
    NOTHING,
    SIDE,
    in_one_line,
    in_one_line_already,
    read_face,
    read_faces,
)
from scratchtui.experiments.faces.network import Onlooker, biases_of, filters_of, make_network
from scratchtui.experiments.faces.panels import PANELS
from scratchtui.experiments.faces.sketch import Sketch, pixel_words
from scratchtui.experiments.faces.survey import Survey
from scratchtui.experiments.hyperparameter import Hyperparameter, Remark, Value
from scratchtui.experiments.optimizer import make_optimizer
from scratchtui.experiments.prediction import Prediction
from scratchtui.experiments.recipe import BATCH_SIZE, LEARNING_RATE, MOMENTUM, OPTIMIZER, Recipe
from scratchtui.experiments.tensors import tensors_view
from scratchtui.nn import softmax_cross_entropy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scratchtui.experiments.panel import Edit, Probe
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.experiments.view import View
    from scratchtui.nn import Array, Loss

CHECK_EVERY = 100  # steps between two looks at all faces, each of which costs as much as some twenty steps
FIRST_CHECK = 500  # steps, so that a few faces are seen in many places
TOLERANCE = 0.09
BUDGET = 5000


class CNN(Experiment):
    """8x8 pixels in, one of three classes out: convolutions, pooling, one hidden layer."""

    name = "cnn"
    title = "CNN"
    tensor = "0.Conv2D.W"
    question = "Does an 8x8 face smile, frown, or neither, and what do its filters look for?"
    input_files = True
    first = "face"
    speed = 100.0
    hyperparameters = (
        replace(LEARNING_RATE, default=0.01),
        replace(OPTIMIZER, default="adam"),
        MOMENTUM,
        replace(BATCH_SIZE, default=32, help="how many faces each step sees"),
        Hyperparameter("data", "data", "text", "all", "which faces it learns from", live=True,
                       choices=dataset.BASES),
        Hyperparameter("shift", "shift", "integer", 7, "how far a face may be moved each time it is seen",
                       live=True, low=0, high=7),
        Hyperparameter("mirror", "mirror", "switch", default=True,
                       help="whether a face may be mirrored each time it is seen", live=True),
        Hyperparameter("noise", "noise", "float", 0.006, "chance of each pixel to be flipped each time",
                       live=True, low=0.0, high=0.5),
        Hyperparameter("filters", "filters", "integer", 12, "how many filters each layer has", low=1,
                       high=16),
        Hyperparameter("layers", "layers", "integer", 2, "how many convolutions, one after the other",
                       low=1, high=2),
        Hyperparameter("kernel", "kernel", "integer", 3, "how many pixels a filter is high and wide",
                       low=1, high=7),
        Hyperparameter("pool", "pool", "choice", "2", "side of the squares of which the maximum is kept",
                       choices=("none", "2", "4")),
        Hyperparameter("hidden", "hidden", "integer", 24, "how many units the hidden layer has; 0 is none",
                       low=0, high=64),
    )  # fmt: skip
    panels = PANELS
    claims = (
        Claim("faces", "the nine faces of the original and three unseen ones are all told apart",
              ("nine_accuracy>0.99", "test_accuracy>0.99"), share=0.98),
        Claim("nine alone", "the nine alone can be learnt", ("nine_accuracy>0.99",), ({"data": "nine"},),
              most_seeds=20),
    )  # fmt: skip

    batches: AugmentedBatches

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        weight_seed, batch_seed = np.random.SeedSequence(recipe.seed).spawn(2)
        self.network = make_network(self.settings, np.random.default_rng(weight_seed))
        self.onlooker = Onlooker(self.network, self.settings)
        self._load_faces()
        self.optimizer = make_optimizer(self.network.vector, self.settings)
        learnt = self.faces.pictures[: self.faces.learnt]
        self.batches = AugmentedBatches(np.random.default_rng(batch_seed), learnt, self._augmentation())
        self._batch_size = int(self.settings["batch_size"])

    def _augmentation(self) -> Augmentation:
        values = self.settings
        return Augmentation(int(values["shift"]), bool(values["mirror"]), float(values["noise"]))

    def _load_faces(self) -> None:
        self.faces = dataset.make_faces(str(self.settings["data"]))
        survey = Survey(self.onlooker, self.faces)
        self._answers = Answers(survey)
        self._targets = self._answers.targets
        self._examiners = [Examiner(survey, layer) for layer in range(1, 1 + self.onlooker.layers)]

    def gradient(self) -> float:
        """Leave the next batch's gradient in the network and return its loss."""
        x, places = self.batches.next_faces(self._batch_size)
        loss, dy = softmax_cross_entropy(self.network.forward(x), self._targets[places])
        self.network.backward_to_parameters(dy)
        return loss

    def changed(self, key: str) -> None:
        """Carry a live hyperparameter, already in `settings`, into data or network."""
        if key == "data":
            self._load_faces()
            self.batches.learn_from(self.faces.pictures[: self.faces.learnt])
        self.batches.augmentation = self._augmentation()
        self._batch_size = int(self.settings["batch_size"])

    @property
    def goal(self) -> str:
        """All that is learnt from is known, as it was drawn."""
        return f"train_loss<{TOLERANCE}"

    def goal_due(self) -> bool:
        """Whether it is one of the steps on which all faces are looked at, which costs more than a step."""
        return self.steps >= FIRST_CHECK and not self.steps % CHECK_EVERY

    def measure(self, metric: str) -> float:
        """Return a metric that is one number, or the loss of the last step; KeyError for no such name."""
        if metric in METRICS:
            return self._answers.measure(metric)
        return super().measure(metric)

    def metrics(self) -> dict[str, Any]:
        """Return everything measurable about the present state, ready for JSON."""
        metrics = {name: self.measure(name) for name in METRICS}
        return metrics | {"test_predictions": self._answers.to_unseen()}

    @property
    def has_held_out(self) -> bool:
        """Whether there are unseen faces."""
        return self.faces.learnt < len(self.faces.labels)

    def held_out_loss(self) -> float:
        """Return the loss on the unseen faces alone; nan where there are none."""
        return self._answers.held_out_loss()

    def spelled(self, argument: str) -> bool:
        """Whether an argument is a face in one line, rather than a file of faces."""
        return in_one_line_already(argument)

    def inputs(self, text: str) -> list[str]:
        """Return the faces of a face file, each as `predict` takes it; ValueError if there are none."""
        return [in_one_line(each.face) for each in read_faces(text)]

    def predict(self, text: str) -> Prediction:
        """Return the class of a face, written as in a face file or in one line; ValueError if it is none."""
        face = read_face(text).face
        if not face.any():
            return Prediction(in_one_line(face), NOTHING)
        probabilities = self.onlooker.probabilities(face)
        named = {label: float(p) for label, p in zip(LABELS, probabilities, strict=True)}
        return Prediction(in_one_line(face), LABELS[probabilities.argmax()], named)

    def answers(self) -> dict[str, str]:
        """Return the class of each face, whose digits stand before its label."""
        return self._answers.by_face()

    def headline(self) -> str:
        """Return how many of the faces are told apart."""
        return self._answers.in_words()

    def goal_words(self) -> str:
        """Return the goal as it is written for people."""
        return f"loss on all {self.faces.learnt} faces < {TOLERANCE:g}"

    def step_budget(self) -> int:
        """Return how many steps are surely enough to meet the goal."""
        return BUDGET

    def absent(self) -> frozenset[str]:
        """Return `parts` where there is no second layer."""
        return frozenset() if int(self.settings["layers"]) > 1 else frozenset({"parts"})

    def remarks(self) -> dict[str, Remark]:
        """Return how many weights there are."""
        return {"filters": Remark(f"with all layers {self.network.vector.size:,} weights")}

    def notice(self) -> str:
        """Return what the faces cannot teach."""
        learnt = self.faces.labels[: self.faces.learnt]
        missing = [label for number, label in enumerate(LABELS) if number not in learnt]
        return f"there is no {' and no '.join(missing)} to learn from" if missing else ""

    def example(self) -> tuple[Loss, Array, Array]:
        """Return the loss, and a few faces with their labels, with noise on them.

        Where there is no pixel a response is 0 exactly: the kink of ReLU, where no difference tells a slope.
        """
        few = np.linspace(0, self.faces.learnt - 1, 6).astype(np.intp)
        noise = np.random.default_rng(0).normal(0.0, 0.1, (len(few), 1, SIDE, SIDE))
        return softmax_cross_entropy, self.faces.pictures[few][:, None] + noise, self._targets[few]

    def view(self, panel: str, timeline: Sequence[Snapshot], probe: Probe) -> View:
        """Return what a panel shows of the present state."""
        del timeline
        drawn = self._sketch(probe)
        face, onlooker = drawn.face, self.onlooker
        views: dict[str, Callable[[], View]] = {
            "face": lambda: self._face_view(drawn),
            "faces": lambda: face_views.faces_view(self.faces, self._answers.probabilities()),
            "filters": lambda: self.located(
                lambda each: face_views.filters_view(filters_of(each), biases_of(each))
            ),
            "layers": lambda: face_views.layers_view(onlooker.maps(face) if face.any() else []),
            "pixels": lambda: face_views.pixels_view(face, onlooker.changes(face)),
            "patches": lambda: face_views.tastes_view(self._examiners[0], face),
            "parts": lambda: face_views.tastes_view(self._examiners[-1], face),
            "weights": lambda: self.located(tensors_view),
            "confusion": lambda: face_views.confusion_view(self.faces, self._answers.probabilities()),
        }
        return views[panel]()

    def _sketch(self, probe: Probe) -> Sketch:
        """Return what is drawn, or what there is to begin with."""
        return Sketch.of(probe.picture) if probe.picture else curation.first_sketch(self.faces)

    def _face_view(self, drawn: Sketch) -> View:
        face = drawn.face
        probabilities = self.onlooker.probabilities(face) if face.any() else None
        return face_views.canvas_view(face, probabilities, curation.title_of(self.faces, drawn))

    @staticmethod
    def picture_words(before: str, after: str) -> str:
        """Return which pixels of the drawn face went on or off."""
        return pixel_words(before, after)

    def edited(self, panel: str, edit: Edit, probe: Probe) -> tuple[Probe, dict[str, Value]]:
        """Draw on the face, or change the dataset by it, or by the one under the cursor of the faces."""
        data = str(self.settings["data"])
        changed: curation.Curated | None = None
        if panel == "face":
            changed = curation.sketched(data, self.faces, self._sketch(probe), edit)
        elif panel == "faces" and edit.place and edit.place[0] < len(self.faces.labels):
            changed = curation.chosen(data, self.faces, edit.place[0], edit)
        if changed is None:
            return super().edited(panel, edit, probe)
        picture = probe.picture if changed.sketch is None else str(changed.sketch)
        return replace(probe, picture=picture), {} if changed.data is None else {"data": changed.data}

    def written(self, panel: str, edit: Edit, probe: Probe) -> str:
        """Return the drawn face as a face file has it, or the label that it has or is answered with."""
        if panel == "faces":
            return LABELS[self.faces.labels[edit.place[0]]]
        if panel != "face":
            return super().written(panel, edit, probe)
        drawn = self._sketch(probe)
        if edit.action in {"copy", "save"}:
            return curation.written(self.faces, drawn)
        label = curation.label_so_far(self.faces, drawn)
        return label or (LABELS[self.onlooker.probabilities(drawn.face).argmax()] if drawn.face.any() else "")
