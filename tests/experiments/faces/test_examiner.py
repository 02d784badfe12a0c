"""What filters look for: named where it is certain, by chance as often as is said, and found where it is."""

import numpy as np
import pytest

from scratchtui.experiments.faces import patches
from scratchtui.experiments.faces.dataset import make_faces
from scratchtui.experiments.faces.examiner import NONE, Examiner, least_area, name_of
from scratchtui.experiments.faces.face import read_face
from scratchtui.experiments.faces.mouths import KINDS, mouths
from scratchtui.experiments.faces.network import Onlooker, make_network
from scratchtui.experiments.faces.survey import Survey
from scratchtui.experiments.hyperparameter import Value

SETTINGS: dict[str, Value] = {"filters": 12, "layers": 2, "kernel": 3, "pool": "2", "hidden": 24}
# the left end of a mouth, which goes on down to the right, up to the right, and straight on
LEFT_ENDS = {
    "curve up": [[-1, 0, -1], [-1, 1, -1], [-1, 0, 1]],
    "curve down": [[-1, 0, 1], [-1, 1, -1], [-1, 0, -1]],
    "bar": [[-1, -1, -1], [-1, 1, 1], [-1, 0, 0]],
}


def onlooker(seed: int, **settings: Value) -> Onlooker:
    made = {**SETTINGS, **settings}
    return Onlooker(make_network(made, np.random.default_rng(seed)), made)


def test_mouths_are_as_many_curves_up_as_down_each_other_upside_down_and_bars() -> None:
    pictures, kinds = mouths()
    drawn = {
        kind: {_cropped(picture) for picture in pictures[kinds == number]}
        for number, kind in enumerate(KINDS)
    }
    upside_down = {tuple(reversed(rows)) for rows in drawn["curve up"]}
    assert upside_down == drawn["curve down"]
    assert all(set("".join(rows)) == {"#"} for rows in drawn["bar"])
    assert not drawn["curve up"] & drawn["curve down"]
    assert {len(rows[0]) for rows in drawn["curve up"]} == {3, 4, 5, 6, 7, 8}


def _cropped(picture: np.ndarray) -> tuple[str, ...]:  # type: ignore[type-arg]
    rows, columns = picture.any(axis=1), picture.any(axis=0)
    return tuple("".join("#" if pixel else "." for pixel in row) for row in picture[rows][:, columns])


@pytest.mark.parametrize(("name", "drawn"), LEFT_ENDS.items(), ids=LEFT_ENDS)
def test_what_responds_to_the_end_of_a_mouth_is_named_for_that_mouth_in_either_layer(
    name: str, drawn: list[list[int]]
) -> None:
    looks = onlooker(0)
    first, second = looks.filters(1), looks.filters(2)
    first[0, 0] = drawn
    second[0] = 0.0
    second[0, 0, 1, 1] = 1.0  # passes on the first filter of the first layer
    faces = make_faces("nine")
    one, two = (Examiner(Survey(looks, faces), layer).findings()[0].name for layer in (1, 2))
    assert (one.word, two.word) == (name, name)
    assert one.area == two.area > least_area(1, 3, 2)


@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("kernel", range(2, 8))
def test_one_in_ten_of_random_filters_gets_a_name(kernel: int, layer: int) -> None:
    drawn, kinds = mouths()
    for pool in ("2", "none")[:layer]:
        best: list[float] = []
        for seed in range(15):
            scores = onlooker(seed, kernel=kernel, pool=pool).strongest(drawn, layer)
            best += patches.separations(scores, kinds, len(KINDS)).max(axis=0).tolist()
        named = np.mean([area >= least_area(layer, kernel, 1 if pool == "none" else 2) for area in best])
        assert 0.04 < named < 0.17  # of 180; its standard error is 0.02


def test_what_no_random_filter_should_be_told_by_has_no_name() -> None:
    assert name_of(np.array([0.5, 0.72, 0.6]), 0.73).word == NONE
    assert name_of(np.array([0.5, 0.74, 0.6]), 0.73).word == "curve down"
    assert name_of(np.array([1.0, 0.0, 0.0]), least_area(2, 1, 2)).word == NONE


@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("kernel", [2, 3, 5])
def test_a_favourite_is_found_in_the_faces_and_where_it_stands_in_one(layer: int, kernel: int) -> None:
    faces, looks = make_faces("nine"), onlooker(1, kernel=kernel)
    examiner = Examiner(Survey(looks, faces), layer)
    field = examiner.field
    seen = field.windows(faces.pictures)
    face = read_face("#..#..../......../#..#..../.##...../......../......../......../........").face
    responses = looks.responses(face[None], layer)[0]
    for number, (finding, spot) in enumerate(zip(examiner.findings(), examiner.spots(face), strict=True)):
        liked = finding.taste.favourite > 0
        occurs = (seen == liked).all(axis=(-2, -1))
        np.testing.assert_array_equal(finding.labels, faces.labels[occurs.any(axis=(1, 2))])
        places = np.argwhere(occurs)
        assert finding.first == (field.middle((places[0][1], places[0][2])) if len(places) else None)
        assert len(places) or layer == 1  # what is ranked in the second layer is what occurs
        here = np.argwhere((field.windows(face[None])[0] == liked).all(axis=(-2, -1)))
        assert spot.favourite == bool(len(here))
        best = here[0] if len(here) else np.argwhere(responses[number] == responses[number].max())[0]
        assert spot.at == field.middle((int(best[0]), int(best[1])))


def test_all_is_looked_at_once_for_the_same_weights() -> None:
    looks = onlooker(2)
    examiner = Examiner(Survey(looks, make_faces("nine")), 2)
    before = examiner.findings()
    assert examiner.findings() is before
    looks.vector[0] += 1.0
    assert examiner.findings() is not before
