"""The CNN: what it learns, what it says of faces that nobody showed it, what is measured and refused."""

import math
from typing import Any

import numpy as np
import pytest

from scratchtui.experiments import find_experiment
from scratchtui.experiments.cnn import CHECK_EVERY, CNN, FIRST_CHECK
from scratchtui.experiments.faces.dataset import make_faces
from scratchtui.experiments.faces.face import (
    LABELS,
    digits,
    in_one_line,
    read_face,
    written,
)
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.recipe import find_hyperparameter
from scratchtui.experiments.snapshot import same_state
from scratchtui.experiments.view import Gallery
from scratchtui.training.until import Until
from tests.experiments.faces.runs import (
    HEADED,
    TINY,
    UNSEEN,
    learnt_by,
    probe_of,
    trained,
    untrained,
)

# what it learns


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"layers": 1, "filters": 3},
        {"kernel": 2, "filters": 2},
        {"kernel": 5, "pool": "none", "hidden": 0, "filters": 2},
        {"data": "nine", "pool": "4", "layers": 1, "hidden": 3},
    ],
    ids=str,
)
@pytest.mark.parametrize("steps", [0, 20])
def test_the_gradient_agrees_with_central_differences(settings: dict[str, Any], steps: int) -> None:
    checks = trained(steps, seed=3, **{"filters": 4} | settings).check_gradients()  # no response at a kink
    assert all(check.relative_error < 1e-6 for check in checks), checks


def test_the_defaults_tell_the_nine_the_unseen_three_and_faces_drawn_by_others_apart() -> None:
    shares: dict[str, list[float]] = {"without heads": [], "with heads": []}
    for seed in range(4):
        experiment = learnt_by(seed)
        assert experiment.steps < experiment.step_budget()
        assert experiment.measure("nine_accuracy") == experiment.measure("test_accuracy") == 1.0
        assert experiment.metrics()["test_predictions"] == list(LABELS)
        for drawn, faces in zip(shares, (UNSEEN, HEADED), strict=True):
            answers = [experiment.predict(in_one_line(each.face)).prediction for each in faces]
            right = [said == LABELS[each.label or 0] for said, each in zip(answers, faces, strict=True)]
            shares[drawn].append(float(np.mean(right)))
    for each in shares.values():
        assert np.mean(each) > 0.97, shares
        assert min(each) > 0.93, shares


@pytest.mark.parametrize("seed", range(6))
def test_nine_faces_alone_are_enough_to_know_those_nine(seed: int) -> None:
    experiment = trained(seed=seed, data="nine")
    assert experiment.measure("nine_accuracy") == 1.0
    assert experiment.steps < 800


def test_the_same_recipe_gives_the_same_run_bit_for_bit_and_another_seed_another() -> None:
    one, same, other = (trained(30, seed=seed) for seed in (0, 0, 1))
    assert same_state(one.snapshot(), same.snapshot())
    assert not np.array_equal(one.network.vector, other.network.vector)


@pytest.mark.parametrize("batch_size", [0, 7, 32])
def test_a_restored_snapshot_goes_on_as_the_uninterrupted_run_did(batch_size: int) -> None:
    run = trained(25, data="nine", batch_size=batch_size)
    run.change("noise", 0.01)
    run.change("data", f"nine +{digits(TINY)}=smile")
    run.change("shift", 2)
    for _ in range(5):
        run.step()
    snapshot = run.snapshot()
    resumed = untrained(data="nine", batch_size=batch_size)
    resumed.restore(snapshot)
    losses = [(run.step(), resumed.step()) for _ in range(20)]
    assert all(one == other for one, other in losses)
    assert same_state(run.snapshot(), resumed.snapshot())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("shift", 0),
        ("mirror", False),
        ("noise", 0.2),
        ("data", "nine"),
        ("batch_size", 5),
        ("optimizer", "sgd"),
    ],
)
def test_a_live_change_takes_effect_on_the_next_step(key: str, value: Value) -> None:
    changed, other = trained(5), trained(5)
    changed.change(key, value)
    for experiment in (changed, other):
        experiment.step()
        experiment.step()
    assert not np.array_equal(changed.network.vector, other.network.vector)


def test_the_goal_is_looked_at_now_and_then_and_is_the_loss_on_all_that_is_learnt_from() -> None:
    experiment = untrained(data="nine")
    due = []
    for _ in range(FIRST_CHECK + CHECK_EVERY + 1):
        due += [experiment.steps] * experiment.goal_due()
        experiment.step()
    assert due == [FIRST_CHECK, FIRST_CHECK + CHECK_EVERY]
    assert Until.goal_of(experiment).metric == "train_loss"


def test_only_known_metrics_and_panels_exist() -> None:
    experiment = untrained()
    assert set(experiment.metrics()) >= {"train_accuracy", "test_accuracy", "test_predictions"}
    assert Until.of(experiment.goal).metric in experiment.metrics()  # or `--until` could not name it
    for name in experiment.metrics():
        if name != "test_predictions":
            assert isinstance(experiment.measure(name), float)
    with pytest.raises(KeyError):
        experiment.measure("test_predictions")
    with pytest.raises(KeyError):
        experiment.view("nothing", (), Probe())


# what it says


def test_a_face_is_predicted_in_each_of_its_spellings(learnt: CNN) -> None:
    said = [
        learnt.predict(text) for text in (written(TINY), written(TINY, 2), in_one_line(TINY), digits(TINY))
    ]
    assert {each.prediction for each in said} == {"smile"}
    assert {each.input for each in said} == {in_one_line(TINY)}
    probabilities = said[0].probabilities
    assert probabilities is not None
    assert list(probabilities) == list(LABELS)
    assert sum(probabilities.values()) == pytest.approx(1.0)


def test_a_file_of_faces_is_split_into_what_predict_takes(learnt: CNN) -> None:
    text = "\n".join(written(each.face, each.label) for each in UNSEEN[:5])
    inputs = learnt.inputs(text)
    assert [read_face(each).face.tolist() for each in inputs] == [each.face.tolist() for each in UNSEEN[:5]]
    assert [learnt.predict(each).input for each in inputs] == inputs
    with pytest.raises(ValueError, match="there is no face"):
        learnt.inputs("\n")


def test_the_headline_counts_what_is_right(learnt: CNN) -> None:
    assert learnt.headline().endswith("unseen 3 of 3")
    everything = learnt.measure("train_accuracy") == 1.0
    assert everything == ("100 %" in learnt.headline())
    assert "1509 faces" in learnt.goal_words()
    assert untrained(data=f"none +{digits(TINY)}=smile").headline() in {"train 0 %", "train 100 %"}


@pytest.mark.parametrize("layers", [1, 2])
def test_beside_the_filters_it_is_said_how_many_weights_there_are(layers: int) -> None:
    experiment = untrained(layers=layers)
    weights = sum(tensor.size for tensor in experiment.network.parameters.values())
    assert experiment.remarks()["filters"].text == f"with all layers {weights:,} weights"


def test_a_label_without_any_face_is_pointed_out() -> None:
    only = untrained(data=f"none +{digits(TINY)}=smile")
    assert only.notice() == "there is no neutral and no frown to learn from"
    assert not only.has_held_out
    assert math.isnan(only.held_out_loss())
    assert math.isnan(only.measure("test_accuracy"))
    assert untrained().notice() == ""


# what is measured


def test_all_faces_are_looked_at_once_for_the_same_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, taken = untrained(), []
    monkeypatch.setattr(
        experiment.onlooker, "scores", lambda faces: taken.append(len(faces)) or np.zeros((len(faces), 3))
    )
    for snapshot in (experiment.snapshot(), trained(1).snapshot()):
        experiment.restore(snapshot)
        for _ in range(2):
            experiment.headline()
            for panel in ("faces", "confusion"):
                experiment.view(panel, (), Probe())
    assert taken == [1512, 1512]


def test_faces_held_out_are_not_learnt_from_whatever_their_label() -> None:
    unseen = make_faces("nine").pictures[-1]
    other = f"nine ~{digits(unseen)}=smile"  # the face that ships there frowns
    plain, relabelled, late = untrained(data="nine"), untrained(data=other), untrained(data="nine")
    for step in range(8):
        if step == 4:
            late.change("data", other)
            plain.change("data", "nine")  # this too begins a new epoch
            relabelled.change("data", other)
        losses = {experiment.step() for experiment in (plain, relabelled, late)}
        assert len(losses) == 1
    for experiment in (relabelled, late):
        assert np.array_equal(experiment.network.vector, plain.network.vector)
        assert experiment.measure("train_loss") == plain.measure("train_loss")
        assert experiment.held_out_loss() != plain.held_out_loss()


def test_what_is_measured_is_what_is_counted_by_hand() -> None:
    experiment = trained(30)
    faces = experiment.faces
    said = [experiment.predict(digits(face)) for face in faces.pictures]
    wrong = [each.prediction != LABELS[label] for each, label in zip(said, faces.labels, strict=True)]
    learnt, unseen = sum(wrong[:1509]), sum(wrong[1509:])
    gallery = experiment.view("faces", (), Probe())
    assert isinstance(gallery, Gallery)
    assert gallery.note.startswith(f"{learnt} of 1509 wrong, {unseen} of 3 unseen (~)")
    assert 0 < learnt < 1509
    nine = {face.tobytes() for face in make_faces("nine").pictures[:9]}
    of_nine = [not miss for miss, face in zip(wrong, faces.pictures, strict=True) if face.tobytes() in nine]
    assert experiment.measure("nine_accuracy") == pytest.approx(sum(of_nine) / 9)
    assert experiment.measure("train_accuracy") == pytest.approx(1 - learnt / 1509)
    assert experiment.measure("test_accuracy") == pytest.approx(1 - unseen / 3)
    given = [
        (each.probabilities or {})[LABELS[label]] for each, label in zip(said, faces.labels, strict=True)
    ]
    assert experiment.measure("train_loss") == pytest.approx(-np.log(given[:1509]).mean())
    assert experiment.held_out_loss() == pytest.approx(-np.log(given[1509:]).mean())


def test_the_held_out_loss_is_that_of_the_unseen_faces() -> None:
    experiment = trained(5)
    unseen = [
        experiment.predict(digits(face)).probabilities or {} for face in experiment.faces.pictures[1509:]
    ]
    said = [probabilities[label] for probabilities, label in zip(unseen, LABELS, strict=True)]
    assert experiment.has_held_out
    assert experiment.held_out_loss() == pytest.approx(-np.log(said).mean())


# what is refused


@pytest.mark.parametrize(
    ("panel", "edit", "said"),
    [
        ("face", Edit("flip", (8, 0)), "there is no pixel"),
        ("face", Edit("flip"), "there is no pixel"),
        ("face", Edit("paint", (0, 0), "x"), "a pixel is painted # or ."),
        ("face", Edit("paste", (0, 0), "hello"), "neither a row"),
        ("face", Edit("learn", (0, 0), "happy"), "there is no label 'happy'"),
        (
            "face",
            Edit("load", (0, 0), written(TINY) * 3),
            "face 1 of 3 in it has no label, so it cannot be learnt from",
        ),
        ("face", Edit("put_back", (0, 0)), "was not taken from the faces"),
        ("face", Edit("fly", (0, 0)), "can be changed by fly"),
        ("faces", Edit("fly", (0, 0, 0)), "can be changed by fly"),
        ("faces", Edit("take", (9999, 0, 0)), "can be changed by take"),
        ("confusion", Edit("flip", (0, 0)), "nothing in confusion"),
    ],
    ids=repr,
)
def test_what_cannot_be_edited_is_refused(learnt: CNN, panel: str, edit: Edit, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        learnt.edited(panel, edit, probe_of(TINY))


def test_the_catalogue_knows_it_and_its_keys_do_not_clash() -> None:
    assert find_experiment("cnn") is CNN
    moving = {"space", "p", "escape", "up", "down", "left", "right", "h", "j", "k", "l"}
    for panel in CNN.panels:
        keys = [key for edit in panel.edits for key in edit.keys.split(",")]
        assert len(keys) == len(set(keys))
        assert not moving & set(keys)


@pytest.mark.parametrize("claim", CNN.claims, ids=lambda claim: claim.name)
def test_each_claim_is_of_settings_and_metrics_that_there_are(claim: Any) -> None:
    experiment = untrained()
    for condition in claim.holds:
        assert math.isfinite(experiment.measure(Until.of(condition).metric))
    for settings in claim.recipes:
        for key, text in settings.items():
            find_hyperparameter(CNN, key).parse(text)
