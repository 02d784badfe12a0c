"""What filters like and tell apart, as it is shown: as arithmetic by hand has it."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from scratchtui.experiments.cnn import CNN
from scratchtui.experiments.faces.face import (
    LABELS,
)
from scratchtui.experiments.faces.field import Field
from scratchtui.experiments.faces.mouths import KINDS, mouths
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.view import Gallery
from tests.experiments.faces.runs import trained, untrained


def test_filters_are_the_weights_and_patches_what_they_like(learnt: CNN) -> None:
    filters, patches = learnt.view("filters", (), Probe()), learnt.view("patches", (), Probe())
    assert isinstance(filters, Gallery)
    assert isinstance(patches, Gallery)
    bank = learnt.network.parameters["0.Conv2D.W"]
    for number, tile in enumerate(patches.tiles):
        weights = bank[number, 0]
        np.testing.assert_array_equal(filters.tiles[number].matrix.values, weights)
        np.testing.assert_array_equal(tile.matrix.values[:, :3], weights > 0)
        np.testing.assert_array_equal(tile.matrix.values[:, 4:], -(weights < 0).astype(float))
    assert [tile.title.split()[0] for tile in patches.tiles] == [str(number) for number in range(1, 13)]
    padded = np.pad(learnt.faces.pictures.astype(float), ((0, 0), (1, 1), (1, 1)))
    seen = sliding_window_view(padded, (3, 3), axis=(1, 2))  # (N, 8, 8, 3, 3)
    face = 1509  # the one that is drawn to begin with: the first unseen one
    for number, tile in enumerate(patches.tiles):
        responses, areas, where = tile.caption.splitlines()
        weights = bank[number, 0]
        assert responses.startswith(f"{weights[weights > 0].sum():+.3g} {weights[weights < 0].sum():+.3g} ")
        strongest = np.einsum("nyxij,ij->nyx", seen, weights)
        assert areas == areas_words(strongest.max(axis=(1, 2)), learnt.faces.labels)
        stands = (seen == (weights > 0)).all(axis=(3, 4))
        count = int(stands.any(axis=(1, 2)).sum())
        assert where.startswith(("in no face", "in ", f"in {count} faces")[min(count, 2)])
        place = (
            np.argwhere(stands[face])
            if stands[face].any()
            else np.argwhere(strongest[face] == strongest[face].max())
        )
        assert where.endswith(f"{place[0][0] + 1},{place[0][1] + 1}")
        assert ("here" in where) == bool(stands[face].any())


def areas_words(scores: np.ndarray, labels: np.ndarray) -> str:  # type: ignore[type-arg]
    """Return the AUC for each class as it is written."""
    return " ".join(
        f"{label[0]} {max(area, 1 - area):.2f}".replace("0.", ".") + ("↑" if area >= 0.5 else "↓")
        for label, area in zip(LABELS, areas_of(scores, labels), strict=True)
    )


def areas_of(scores: np.ndarray, labels: np.ndarray) -> list[float]:  # type: ignore[type-arg]
    """Return for each class the chance that one of it scores above one of another, of all pairs."""
    return [
        float((np.sign(scores[labels == label][:, None] - scores[labels != label][None]) / 2 + 0.5).mean())
        for label in range(3)
    ]


def test_parts_are_what_the_second_layer_likes_of_all_faces_measured_as_the_patches_are(learnt: CNN) -> None:
    view = learnt.view("parts", (), Probe())
    assert isinstance(view, Gallery)
    responses = learnt.onlooker.responses(learnt.faces.pictures, 2)
    pictures, kinds = mouths()
    drawn = learnt.onlooker.responses(pictures, 2).max(axis=(2, 3))
    windows = Field.of(2, 3, 2).windows(learnt.faces.pictures.astype(float), beyond=np.nan)
    for number, tile in enumerate(view.tiles):
        each = responses[:, number]
        said, areas, where = tile.caption.splitlines()
        assert said == f"{each.max():+.3g} {each.min():+.3g} {(each > 0).sum()}>0"
        assert areas == areas_words(each.max(axis=(1, 2)), learnt.faces.labels)
        told = areas_of(drawn[:, number], kinds)
        best = int(np.argmax(told))
        named = f"{KINDS[best]} {told[best]:.2f}".replace("0.", ".") if told[best] >= 0.73 else "none"
        assert tile.title == f"2.{number + 1} {named}"
        likes, hates = tile.matrix.values[:, :8], tile.matrix.values[:, 9:]
        for shown, liked in ((likes, each == each.max()), (-hates, each == each.min())):
            assert any(np.array_equal(shown, window, equal_nan=True) for window in windows[liked])
        assert where.startswith("in ")
    assert any(tile.title.split()[1] != "none" for tile in view.tiles)
    assert untrained(layers=1).absent() == {"parts"}
    assert not learnt.absent()


def test_trained_filters_of_the_second_layer_are_mostly_named_and_for_what_they_tell() -> None:
    drawn_for = {"curve up": "s", "bar": "n", "curve down": "f"}
    named = right = filters = 0
    for seed in range(2):
        view = trained(500, seed=seed).view("parts", (), Probe())
        assert isinstance(view, Gallery)
        for tile in view.tiles:
            name = " ".join(tile.title.split()[1:-1])
            filters += 1
            named += bool(name)
            areas = tile.caption.splitlines()[1]
            right += bool(name) and areas.split(f"{drawn_for[name]} ")[1].split()[0].endswith("↑")
    assert named >= 0.35 * filters  # by chance one in ten; 0.56 over seeds 0-11
    assert right >= 0.8 * named
