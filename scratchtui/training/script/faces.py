"""The script of the CNN: faces, moved, mirrored and speckled anew each epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.experiments.faces.face import LABELS, digits
from scratchtui.training.script.lesson import Lesson, drawn
from scratchtui.training.script.literals import block

if TYPE_CHECKING:
    from scratchtui.experiments.cnn import CNN
    from scratchtui.experiments.hyperparameter import Settings

CLASSES = len(LABELS)
LEARNING = '''
shuffler = np.random.default_rng(seeds[1])


def learn_from(pictures, labels):
    """Learn from these faces, two hexadecimal digits a row of pixels, and their classes, a digit each."""
    global faces, targets
    rows = [[int(bit) for bit in f"{int(picture, 16):064b}"] for picture in pictures.split()]
    faces = np.array(rows, bool).reshape(-1, 8, 8)
    targets = np.eye(CLASSES)[[int(label) for label in labels.replace("\\n", "").replace(" ", "")]]
    begin_epoch()


def begin_epoch():
    """Draw all the chance that the next epoch needs: the order, and what is done to each face."""
    global order, moves, specks, place
    order, place = shuffler.permutation(len(faces)), 0
    moves = shuffler.random((3, len(faces)))
    specks = shuffler.random((len(faces), 64))


def next_batch():
    """Return the next faces (N, 1, 8, 8), each as it is seen this time, and their targets (N, CLASSES)."""
    global place
    size = min(batch_size or len(faces), len(faces))
    if place + size > len(faces):  # what is left of an epoch is left out
        begin_epoch()
    batch = range(place, place + size)
    place += size
    seen = [augmented(faces[order[k]], *moves[:, k], specks[k].reshape(8, 8)) for k in batch]
    return np.array(seen, float)[:, None], targets[order[batch]]


def augmented(face, fall, drift, turn, speck):
    """Return a face (8, 8) elsewhere, perhaps mirrored, some pixels flipped; the chances are in 0..1."""
    if mirror and turn < 0.5:
        face = face[:, ::-1]
    down, right = moved(fall, face.any(axis=1)), moved(drift, face.any(axis=0))
    return np.roll(face, (down, right), axis=(0, 1)) ^ (speck < noise)


def moved(chance, used):
    """Return how far a face moves that uses these rows or columns: never out of the grid."""
    before, after = min(np.argmax(used), shift), min(np.argmax(used[::-1]), shift)
    return int(chance * (before + after + 1)) - before
'''


class FacesLesson(Lesson):
    """Faces and their labels."""

    experiment: CNN
    seeds, weight_seed = 2, 0

    @property
    def variables(self) -> tuple[str, ...]:
        """The batch size, and what is done to faces."""
        return ("batch_size", "shift", "mirror", "noise")

    def loss(self, settings: Settings) -> str:
        """Return the name of the loss."""
        del settings
        return "softmax_cross_entropy"

    def drawing(self, shape: tuple[int, ...], *, last: bool) -> str:
        """Return how weights are drawn."""
        return drawn("xavier" if last else "he", shape)

    def data(self) -> str:
        """Return the faces, and how batches of them are taken."""
        return f"{LEARNING.replace('CLASSES', str(CLASSES))}\n\n{self._taught()}\n"

    def renewed(self, key: str) -> str:
        """Return how other faces are learnt from."""
        return self._taught() if key == "data" else ""

    def _taught(self) -> str:
        learnt = slice(self.experiment.faces.learnt)
        pictures = block([digits(face) for face in self.experiment.faces.pictures[learnt]])
        labels = "".join(map(str, self.experiment.faces.labels[learnt].tolist()))
        tens = block([labels[k : k + 10] for k in range(0, len(labels), 10)])
        return f"learn_from({pictures}, {tens})"
