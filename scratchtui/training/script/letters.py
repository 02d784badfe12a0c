"""The script of the RNN: a text, read in windows between which the memory goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.training.script.lesson import Lesson, drawn
from scratchtui.training.script.literals import text

if TYPE_CHECKING:
    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.experiments.rnn import RNN

READING = '''
def learn_from(text):
    """Learn after each character, a row of one 1 among zeros, to say the next."""
    global inputs, targets
    vocabulary = sorted(set(text))
    letters = np.eye(len(vocabulary))[[vocabulary.index(character) for character in text]]
    inputs, targets = letters[:-1], letters[1:]
    begin_again()


def begin_again():
    """Go to the beginning of the text, where there is nothing to remember."""
    global place, memory
    place, memory = 0, np.zeros(HIDDEN)


def next_batch():
    """Return the next window of the text and what comes after each of its characters."""
    global place
    count = len(inputs)
    windows = -(-count // window)
    if place >= count:
        begin_again()
    number = place * windows // count  # the k-th window begins at floor(k count / windows)
    if (number + 1) * count // windows <= place:
        number += 1
    stretch = slice(place, (number + 1) * count // windows)
    place = stretch.stop
    return inputs[stretch], targets[stretch]
'''


class LettersLesson(Lesson):
    """A text."""

    experiment: RNN
    seeds, weight_seed = 2, 0

    @property
    def variables(self) -> tuple[str, ...]:
        """How far the gradient reaches back, and how long it may be."""
        return ("window", "clip")

    def loss(self, settings: Settings) -> str:
        """Return the name of the loss."""
        del settings
        return "softmax_cross_entropy"

    def drawing(self, shape: tuple[int, ...], *, last: bool) -> str:
        """Return how weights are drawn."""
        del last
        return drawn("xavier", shape)

    def data(self) -> str:
        """Return the text, and how windows of it are taken."""
        return f"{READING.replace('HIDDEN', str(self.settings['hidden']))}\n\n{self._taught()}\n"

    def renewed(self, key: str) -> str:
        """Return how another text is learnt, or the present one in other windows."""
        return {"text": self._taught(), "window": "begin_again()"}.get(key, "")

    def _taught(self) -> str:
        return f"learn_from({text(self.experiment.text.characters)})"
