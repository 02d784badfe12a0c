"""The dataset of faces: what ships, and what each edit of its text makes of it."""

from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from scratchtui.experiments.faces import dataset
from scratchtui.experiments.faces.dataset import make_faces
from scratchtui.experiments.faces.face import LABELS, digits, in_one_line, read_faces
from tests.experiments.faces import composer
from tests.experiments.faces.composer import drawing, held_out

SMILE = "00242400423c0000"
TINY = "90009060" + "0" * 8


def labels_of(text: str, *, held_out: bool = False) -> dict[str, str]:
    faces = dataset.make_faces(text)
    mine = np.flatnonzero(faces.held_out == held_out)
    return {digits(faces.pictures[k]): LABELS[faces.labels[k]] for k in mine}


def test_nine_faces_and_three_unseen_ones_ship_and_many_more() -> None:
    nine, more = dataset.make_faces("nine"), dataset.make_faces("all")
    assert np.bincount(nine.labels[: nine.learnt]).tolist() == [3, 3, 3]
    assert np.bincount(more.labels[: more.learnt]).tolist() == [503, 503, 503]
    for faces in (nine, more):
        assert np.bincount(faces.labels[faces.learnt :]).tolist() == [1, 1, 1]
        assert faces.held_out[faces.learnt :].all()
        assert not faces.own.any()
    assert len({picture.tobytes() for picture in more.pictures}) == 1509 + 3


def test_the_faces_that_were_composed_come_from_the_composer(capsys: pytest.CaptureFixture[str]) -> None:
    composer.main()
    more = resources.files("scratchtui.experiments.faces") / "files" / "more.txt"
    assert capsys.readouterr().out == more.read_text(encoding="utf-8")


def test_no_face_that_the_tests_hold_out_is_learnt_from_moved_or_mirrored() -> None:
    faces = make_faces("all")
    learnt = {drawing(face) for face in faces.pictures[: faces.learnt]}
    for name in ("unseen_faces.txt", "unseen_heads.txt"):
        unseen = Path(__file__).with_name(name).read_text(encoding="utf-8")
        assert not {drawing(each.face) for each in read_faces(unseen)} & learnt
    assert not {drawing(face) for face in faces.pictures[faces.learnt :]} & learnt
    assert len(held_out()) == 63 + 57 + 3 + 9


@pytest.mark.parametrize(
    ("edits", "learnt", "unseen"),
    [
        (f"+{TINY}=smile", {TINY: "smile"}, {}),
        (f"~{TINY}=frown", {}, {TINY: "frown"}),
        (f"+{TINY}=smile +{TINY}=frown", {TINY: "frown"}, {}),
        (f"+{TINY}=smile ~{TINY}=smile", {}, {TINY: "smile"}),
        (f"+{TINY}=smile -{TINY}", {}, {}),
        (f"+{TINY.upper()}=SM", {TINY: "smile"}, {}),
    ],
)
def test_an_edit_has_the_last_word_on_its_picture(
    edits: str, learnt: dict[str, str], unseen: dict[str, str]
) -> None:
    text = f"nine {edits}"
    assert labels_of(text) == labels_of("nine") | learnt
    assert labels_of(text, held_out=True) == labels_of("nine", held_out=True) | unseen


def test_a_face_that_ships_is_relabelled_in_its_place_held_out_or_taken_away() -> None:
    first = next(iter(labels_of("nine")))
    assert next(iter(labels_of(f"nine +{first}=frown"))) == first
    assert labels_of(f"nine +{first}=frown")[first] == "frown"
    assert first not in labels_of(f"nine ~{first}=smile")
    assert labels_of(f"nine ~{first}=smile", held_out=True)[first] == "smile"
    assert first not in labels_of(f"nine -{first}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "data has no choice ''"),
        ("nin", "did you mean 'nine'? (nine, all, none)"),
        ("none", "no face is left to learn from"),
        (f"none ~{TINY}=smile", "no face is left to learn from"),
        (f"nine -{TINY}", "there is no such face to take away"),
        (f"nine {TINY}", "is no edit of the data; write +DIGITS=LABEL"),
        (f"nine +{TINY}", "is no edit of the data"),
        (f"nine +{TINY[1:]}=smile", "is no face: 16 digits"),
        (f"nine +{TINY}=smirk", "there is no label 'smirk'"),
        (f"nine +{'0' * 16}=smile", "a blank face shows nothing to learn from"),
        ("nine " + f"+{TINY}=smile " * 2001, "2,001 edits of the data are too many"),
    ],
)
def test_what_is_no_dataset_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]{,200}$") as refusal:
        dataset.make_faces(text)
    assert said in str(refusal.value)


def test_the_text_of_a_dataset_does_not_grow_with_edits_of_one_face() -> None:
    face = read_faces(TINY)[0].face
    data = "all"
    for label in (0, 1, 2):
        data = dataset.with_face(data, face, label, held_out=label == 1)
        assert len(data.split()) == 2
    assert dataset.without_face(data, face) == "all"
    shipped = dataset.make_faces("all").pictures[5]
    assert dataset.without_face("all", shipped) == f"all -{digits(shipped)}"
    with pytest.raises(ValueError, match="a blank face shows nothing"):
        dataset.with_face("all", np.zeros((8, 8), np.bool_), 0, held_out=False)


def test_every_shipped_file_is_written_as_it_would_be_saved() -> None:
    for name in ("nine", "more", "unseen"):
        for each in read_faces(dataset._text(name)):
            assert each.label is not None
            assert in_one_line(each.face).count("#") >= 3
