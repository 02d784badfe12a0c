"""What the filters of a layer look for, measured and not asserted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.faces import patches
from scratchtui.experiments.faces.face import LABELS, Face
from scratchtui.experiments.faces.field import codes
from scratchtui.experiments.faces.mouths import KINDS, mouths
from scratchtui.experiments.faces.network import finite
from scratchtui.experiments.faces.remembered import Remembered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.experiments.faces.patches import Taste
    from scratchtui.experiments.faces.survey import Survey
    from scratchtui.nn import Array

NONE = "none"
# AUC for a name by layer and pool, for kernels of 2, 3, ... 7: one in ten of all random filters reaches it
_LEAST = {
    (1, 1): (0.72, 0.88, 0.85, 0.81, 0.79, 0.76),
    (2, 1): (0.88, 0.82, 0.78, 0.75, 0.73, 0.72),
    (2, 2): (0.74, 0.73, 0.72, 0.71, 0.70, 0.70),
}


@dataclass(frozen=True)
class Name:
    """The kind of mouth that a filter tells best from the others by a strong response, and the AUC of that.

    It is `none` where that AUC is not more than what random filters reach.
    """

    word: str
    area: float


@dataclass(frozen=True)
class Finding:
    """What was found out about a filter.

    `areas` (3,) are the AUC of its strongest response for each class of the faces. `labels` are those of the
    faces in which its favourite patch occurs, and `first` is where in the first of them its middle is;
    `code` is its code (field.py).
    """

    name: Name
    taste: Taste
    areas: Array
    labels: NDArray[np.intp]
    first: tuple[int, int] | None
    code: NDArray[np.uint64]


@dataclass(frozen=True)
class Spot:
    """Row and column, from 0, of the middle of a filter's favourite patch in a face.

    Where that does not occur, of what the filter responds to most there; it is not the `favourite`.
    """

    at: tuple[int, int]
    favourite: bool


class Examiner:
    """Finds out what the filters of a layer look for, with the weights as they are.

    That is, what each likes, which drawn mouths it tells from the others, and which of the faces.
    """

    def __init__(self, survey: Survey, layer: int) -> None:
        onlooker = survey.onlooker
        self.layer, self.field = layer, onlooker.field(layer)
        self._survey, self._onlooker, self._faces = survey, onlooker, survey.faces
        self._least = least_area(layer, onlooker.size, onlooker.pool)
        self._findings: Remembered[list[Finding]] = Remembered(onlooker.vector)

    def findings(self) -> list[Finding]:
        """Return what each filter looks for."""
        return self._findings(self._examine)

    @cached_property
    def _seen(self) -> NDArray[np.uint64]:
        """The codes of what the field sees of each face, one place after the other, (N * places,)."""
        return codes(self.field.windows(self._faces.pictures)).ravel()

    def _examine(self) -> list[Finding]:
        (drawn, kinds), pictures = mouths(), self._faces.pictures
        count = len(pictures)
        if self.layer == 1:
            together = np.concatenate((pictures, drawn))  # one batch less
            strongest = self._onlooker.strongest(together, 1)
            tastes = patches.tastes(self._onlooker.filters(1)[:, 0])
        else:
            responses = finite(self._survey.halfway())
            strongest = responses.max(axis=(2, 3))
            tastes = patches.tastes_in(responses[:count], pictures, self.field)
        areas = patches.separations(strongest[:count], self._faces.labels, len(LABELS)).T
        told = patches.separations(strongest[count:], kinds, len(KINDS)).T
        names = [name_of(each, self._least) for each in told]
        return [self._found(*each) for each in zip(names, tastes, areas, strict=True)]

    def _found(self, name: Name, taste: Taste, areas: Array) -> Finding:
        code = codes(taste.favourite > 0.0)
        where = np.flatnonzero(self._seen == code)
        faces, places = np.divmod(where, self.field.places**2)
        first = self._middle(int(places[0])) if where.size else None
        return Finding(name, taste, areas, self._faces.labels[np.unique(faces)], first, code)

    def spots(self, face: Face) -> list[Spot]:
        """Return for each filter where its favourite patch is in a face (8, 8), or the best that there is."""
        responses = self._onlooker.responses(face[None], self.layer)[0]
        seen = codes(self.field.windows(face[None]))[0]
        found = []
        for each, finding in zip(responses, self.findings(), strict=True):
            occurs = seen == finding.code
            favourite = bool(occurs.any())
            found.append(Spot(self._middle(int(np.argmax(occurs if favourite else each))), favourite))
        return found

    def _middle(self, place: int) -> tuple[int, int]:
        return self.field.middle(divmod(place, self.field.places))


def least_area(layer: int, size: int, pool: int) -> float:
    """Return which AUC one in ten filters with random weights reaches, for the kind of mouth it tells best.

    Filters of one pixel tell no shapes; infinity.
    """
    return _LEAST[layer, pool if layer > 1 else 1][size - 2] if size > 1 else np.inf


def name_of(areas: Array, least: float) -> Name:
    """Return the name of a filter which tells the kinds of mouths from the others with AUC `areas` (3,)."""
    best = int(areas.argmax())
    return Name(KINDS[best] if areas[best] >= least else NONE, float(areas[best]))
