"""The whole of a script, put together in the order in which it is read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from scratchtui import __version__
from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.recipe import FROZEN
from scratchtui.training.command_line import command_line
from scratchtui.training.script.changes import change_of, frozen
from scratchtui.training.script.layers import SIGMOID, snippets
from scratchtui.training.script.literals import PACKED, UNPACKED
from scratchtui.training.script.losses import LOSSES, WITH_SIGMOID
from scratchtui.training.script.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.training.run import Run
    from scratchtui.training.script.lesson import Lesson

LESSONS = {
    "binary": ("rows", "BinaryLesson"),
    "nn": ("rows", "NeuralLesson"),
    "cnn": ("faces", "FacesLesson"),
    "rnn": ("letters", "LettersLesson"),
}
LARGEST = 8_000_000  # characters
LONGEST_LINE = 160  # characters of the command line, to be a comment
AT_FIRST = 100  # steps, of a run that took none
HEADING = """# {title}: {question}
#
# A run of scratchtui {version}, written out in numpy and nothing else. It prints the loss of every step.
{origin}#
# p holds the parameters, g their gradients; yk is what layer k gives, dyk the gradient of the loss for yk;
# np.ones(n) @ d is the sum of the n rows of d.

import os
import sys

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # so that sums are added up in the order of the run

import numpy as np
"""
TRAINING = '''
def train(steps):
    """Yield the loss of each step."""
'''
MAIN = """
if __name__ == "__main__":
    for step, loss in enumerate(train(int(sys.argv[1]) if sys.argv[1:] else {steps}), 1):
        print(step, float(loss))
"""


def script_of(run: Run) -> str:
    """Return the script of a run up to its present step; ValueError, in one sentence, if there is none."""
    kind = EXPERIMENTS[run.recipe.experiment]
    if kind.name not in LESSONS:
        raise ValueError(f"no script can be written of {kind.title}: nobody has taught it how")
    script = _Script(run).written()
    if len(script) > LARGEST:
        raise ValueError(
            f"the script would be {len(script) / 1e6:.0f} MB, as the data was changed so often; save the run"
        )
    return script


class _Script:
    """The parts of one script, made in the order in which they are read."""

    def __init__(self, run: Run) -> None:
        self._run = run
        experiment = build(run.recipe)
        module, name = LESSONS[run.recipe.experiment]
        make = getattr(import_module(f"scratchtui.training.script.{module}"), name)
        self._lesson = cast("Lesson", make(experiment, list(_settings_of(run, experiment))))
        self._snippets = snippets(experiment.network.layers)

    def written(self) -> str:
        kind, lesson = EXPERIMENTS[self._run.recipe.experiment], self._lesson
        variables = self._variables()
        known = frozenset((*variables, "update"))
        parts = [
            f"seeds = np.random.SeedSequence({self._run.recipe.seed}).spawn({lesson.seeds})\n"
            + "".join(f"{name} = {value}\n" for name, value in variables.items() if name != "loss_of"),
            lesson.data(),
            self._parameters(),
            *self._definitions(),
            self._gradient(),
            *self._optimizers(),
        ]
        if "loss_of" in variables:
            parts.append(f"loss_of = {variables['loss_of']}\n")
        changes = change_of(self._run.journal, lesson, known)
        parts += [changes, self._training(changes=bool(changes), freezes="frozen" in variables)]
        parts.append(MAIN.format(steps=self._run.latest.step or AT_FIRST))
        heading = HEADING.format(
            title=kind.title, question=kind.question, version=__version__, origin=self._origin()
        )
        return _joined(heading, parts)

    def _origin(self) -> str:
        """Return a line with the command that makes the run, where there is one that fits in a line."""
        try:
            line = command_line(self._run)
        except ValueError:
            return ""
        return f"# It is the run of: {line}\n" if len(line) <= LONGEST_LINE and line.isprintable() else ""

    def _variables(self) -> dict[str, str]:
        """Return the settings that the script knows by name, as they are at first."""
        lesson = self._lesson
        names = ["learning_rate"]
        if "momentum" in lesson.ever("optimizer"):
            names.append("momentum")
        found = {name: repr(lesson.settings[name]) for name in (*names, *lesson.variables)}
        if lesson.experiment.frozen.size or len(lesson.ever(FROZEN.key)) > 1:
            found["frozen"] = frozen(lesson.experiment) + "  # the places that keep their value"
        if len(self._losses()) > 1:
            found["loss_of"] = lesson.loss(lesson.settings)
        return found

    def _losses(self) -> list[str]:
        return list(dict.fromkeys(self._lesson.loss(settings) for settings in self._lesson.past))

    def _parameters(self) -> str:
        """Return how the first weights are drawn."""
        lesson = self._lesson
        parameters = lesson.experiment.network.parameters
        weights = [name for name, tensor in parameters.items() if tensor.ndim > 1]
        lines = [f"rng = np.random.default_rng(seeds[{lesson.weight_seed}])", "p = {  # the parameters"]
        for name, tensor in parameters.items():
            first = lesson.drawing(tensor.shape, last=name == weights[-1]) if name in weights else ""
            lines.append(f'    "{name}": {first or f"np.zeros({tensor.size})"},')
        return "\n".join([*lines, "}", "g = {}  # the gradients, by the same names", ""])

    def _definitions(self) -> list[str]:
        losses = self._losses()
        needed = [SIGMOID] if WITH_SIGMOID & set(losses) else []
        needed += [each for snippet in self._snippets for each in snippet.definitions]
        return list(dict.fromkeys([*needed, *(LOSSES[name] for name in losses)]))

    def _optimizers(self) -> list[str]:
        names = [str(name) for name in self._lesson.ever("optimizer")]
        definitions = [each for name in names for each in OPTIMIZERS[name][1]]
        return [*dict.fromkeys(definitions), f"update = {OPTIMIZERS[names[0]][0]}\n"]

    def _gradient(self) -> str:
        """Return the function that goes forward and backward through the network."""
        assigned = [name for snippet in self._snippets for name in snippet.assigns]
        last = len(self._snippets) - 1
        losses = self._losses()
        lines = [
            "def gradient(x, target):",
            '    """Return the loss of a batch, and leave its gradient in g."""',
        ]
        if assigned:
            lines.append(f"    global {', '.join(assigned)}")
        lines += [f"    {line}" for snippet in self._snippets for line in snippet.forward]
        loss = losses[0] if len(losses) == 1 else "loss_of"
        lines.append(f"    loss, dy{last} = {loss}(y{last}, target)")
        lines += [f"    {line}" for snippet in reversed(self._snippets) for line in snippet.backward]
        lines += [
            f"    {line}" for line in (*_penalty(self._lesson.variables), *_clipping(self._lesson.variables))
        ]
        return "\n" + "\n".join([*lines, "    return loss", ""])

    def _training(self, *, changes: bool, freezes: bool) -> str:
        body = ["change(0)"] if changes else []
        body += [
            "for step in range(1, steps + 1):",
            f"    loss = gradient({_unpacked(self._lesson.next_batch)})",
        ]
        if freezes:
            body += ["    kept = {name: p[name].flat[places] for name, places in frozen.items()}",
                     "    for name, places in frozen.items():",
                     "        g[name].flat[places] = 0"]  # fmt: skip
        body.append("    update()")
        if freezes:
            body += ["    for name, places in frozen.items():",
                     "        p[name].flat[places] = kept[name]"]  # fmt: skip
        body.append("    yield loss")
        if changes:
            body.append("    change(step)")
        return TRAINING + "".join(f"    {line}\n" for line in body)


def _settings_of(run: Run, experiment: Experiment) -> Iterable[Settings]:
    """Yield the settings of the recipe, and those after each change."""
    settings = dict(experiment.settings)
    yield settings
    for entry in run.journal:
        if entry.key in settings:
            settings = {**settings, entry.key: entry.value}
            yield settings


def _unpacked(batch: str) -> str:
    return f"*{batch}" if batch.endswith(")") else batch


def _penalty(variables: tuple[str, ...]) -> list[str]:
    terms = {"l1": "l1 * np.sign(p[name])", "l2": "l2 * p[name]"}
    lines = [f"        g[name] = g[name] + {term}" for key, term in terms.items() if key in variables]
    return [
        "for name in p:",
        '    if name.endswith(".W"):  # a penalty on weights, not on biases',
        *lines,
    ] * bool(lines)


def _clipping(variables: tuple[str, ...]) -> list[str]:
    if "clip" not in variables:
        return []
    return [
        "everything = np.concatenate([g[name].ravel() for name in p])",
        "norm = np.sqrt(np.dot(everything, everything))",
        "if norm > clip:  # too long a gradient is cut",
        "    for name in p:",
        "        g[name] = g[name] * (clip / norm)",
    ]


def _joined(heading: str, parts: list[str]) -> str:
    """Return the whole: two blank lines around functions, and what the parts call."""
    body = "\n\n".join(part.strip("\n") + "\n" for part in parts if part)
    if "sliding_window_view" in body:
        heading += "from numpy.lib.stride_tricks import sliding_window_view\n"
    if PACKED in body:
        heading = heading.replace(
            "import os\nimport sys\n", "import base64\nimport os\nimport sys\nimport zlib\n"
        )
        body = UNPACKED.lstrip("\n") + "\n\n" + body
    return heading + "\n" + body
