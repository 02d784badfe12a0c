"""A face as text: read back as it was written, changed as its names say, refused in a clear sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scratchtui.experiments.faces import face as faces
from scratchtui.experiments.faces.face import LABELS, SIDE, Face

drawn = arrays(np.bool_, (SIDE, SIDE))
SMILE = "\n".join(
    ["........", "..#..#..", "..#..#..", "........", ".#....#.", "..####..", "........", "........"]
)


@given(drawn)
def test_every_face_is_read_back_from_each_of_its_spellings(face: Face) -> None:
    for text in (
        faces.digits(face),
        faces.in_one_line(face),
        faces.written(face),
        faces.digits(face).upper(),
    ):
        np.testing.assert_array_equal(faces.read_face(text).face, face)
    np.testing.assert_array_equal(faces.of_digits(faces.digits(face)), face)


@given(st.lists(st.tuples(drawn, st.sampled_from([None, 0, 1, 2])), min_size=1, max_size=4), st.booleans())
def test_a_file_of_faces_is_read_back_with_its_labels(
    pairs: list[tuple[Face, int | None]], apart: bool
) -> None:
    text = ("\n" if apart else "").join(faces.written(face, label) for face, label in pairs)
    read = faces.read_faces(text)
    assert [each.label for each in read] == [label for _, label in pairs]
    for each, (face, _) in zip(read, pairs, strict=True):
        np.testing.assert_array_equal(each.face, face)


def test_lines_may_end_as_other_systems_end_them_and_have_blanks_around() -> None:
    assert faces.in_one_line(faces.read_face(SMILE.replace("\n", " \r\n ")).face) == SMILE.replace("\n", "/")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no face"),
        ("\n\n", "there is no face"),
        ("smile", "no face follows the label smile"),
        ("........\n" * 7, "ends after 7"),
        (SMILE + "\n" + "........", "the last one ends after 1"),
        (SMILE.replace(".#....#.", ".#....#"), "line 5 has 7 pixels; a row of a face has 8"),
        (SMILE.replace("........", "........x", 1), "line 1: '........x' is neither a row"),
        ("smle\n" + SMILE, "did you mean 'smile'?"),
        ("smile\nfrown\n" + SMILE, "line 2: a face follows a label"),
        ("........\n........\nsmile", "line 3: a face has 8 rows, and this one ends after 2"),
        ("........\n\n" + SMILE, "line 2: a face has 8 rows, and this one ends after 1"),
        ("123456789", "line 1: '123456789' is neither"),
        ("z" * 500, "line 1: 'zzzzzzzzzzzzzzzz…zzzzzzzz' is neither"),
    ],
    ids=repr,
)
def test_what_is_no_face_is_refused_in_a_sentence_that_says_where(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]*$") as refusal:
        faces.read_faces(text)
    assert said in str(refusal.value)


def test_one_face_is_not_two() -> None:
    with pytest.raises(ValueError, match="one face is needed, and there are 2"):
        faces.read_face(f"{SMILE}\n\n{SMILE}")


@given(drawn)
def test_mirror_and_invert_twice_give_the_face_again(face: Face) -> None:
    for change in (faces.mirrored, faces.inverted):
        assert not np.array_equal(faces.inverted(face), face)
        np.testing.assert_array_equal(change(change(face)), face)
    np.testing.assert_array_equal(faces.mirrored(face)[:, 0], face[:, -1])


@given(drawn, st.integers(-9, 9), st.integers(-9, 9))
def test_a_shift_moves_every_pixel_and_loses_what_leaves_the_grid(face: Face, down: int, right: int) -> None:
    moved = faces.shifted(face, down, right)
    for y, x in np.ndindex(face.shape):
        inside = 0 <= y - down < SIDE and 0 <= x - right < SIDE
        assert moved[y, x] == (inside and face[y - down, x - right])


@given(drawn, st.integers(0, 7), st.integers(0, 7))
def test_a_flip_changes_one_pixel_and_not_the_face_it_was_made_of(face: Face, row: int, column: int) -> None:
    before = face.copy()
    assert np.argwhere(faces.flipped(face, row, column) ^ face).tolist() == [[row, column]]
    np.testing.assert_array_equal(face, before)


@pytest.mark.parametrize("text", ["smile", "SMILE", " s ", "smi"])
def test_a_label_may_be_begun(text: str) -> None:
    assert LABELS[faces.label_of(text)] == "smile"


@pytest.mark.parametrize("text", ["", "happy", "smiles"])
def test_another_label_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(ValueError, match=r"there is no label .*smile, neutral, frown"):
        faces.label_of(text)
