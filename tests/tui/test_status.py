"""How the run stands, and what is most worth knowing about it, in words that fit."""

import math

import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.hyperparameter import Value
from scratchtui.training.course import SPEEDS
from scratchtui.training.messages import UNLIMITED
from scratchtui.training.session import Session
from scratchtui.training.silence import Silence
from scratchtui.tui import status
from tests.tui.stage import DESIGN, TrainingWorker, fresh_run

ROOM = DESIGN[0] - 2


def opened(**settings: Value) -> tuple[Session, TrainingWorker]:
    worker = TrainingWorker()
    return Session(Binary, fresh_run(**settings), worker=worker), worker


def trained(steps: int, *, running: bool = True, **settings: Value) -> Session:
    session, worker = opened(**settings)
    session.toggle()
    worker.train(steps)
    session.receive()
    if not running:
        session.pause()
    return session


def failed() -> Session:
    session, worker = opened()
    session.toggle()
    worker.train(1234)
    worker.fail("out of memory")
    session.receive()
    return session


def silent() -> Session:
    now = 0.0
    session, worker = opened()
    session.link.silence = Silence(lambda: now)
    session.toggle()
    worker.train(34)
    session.receive()
    session.ask()
    for now in range(1, 9):  # noqa: B007 - the clock reads it
        session.link.listen()
    return session


def orphaned() -> Session:
    session, worker = opened(learning_rate=0.001)
    session.toggle()
    worker.train(1234)
    worker.tell(EOFError())
    session.receive()
    return session


STANDINGS = {
    "ready": (lambda: opened()[0], "attention", ("ready", "space runs", ". takes one step")),
    "running": (lambda: trained(12), "good", ("running", "step 12", "loss", "max|w-2^k|")),
    "paused": (lambda: trained(12, running=False), "attention", ("paused", "step 12", "loss")),
    "reached": (lambda: trained(999), "good", ("reached", "step 175", "forecast 175")),
    "reached by adam": (lambda: trained(9999, optimizer="adam", learning_rate=1.0), "good", ("reached",)),
    "diverged": (
        lambda: trained(9999, learning_rate=0.5),
        "bad",
        ("diverged at step", "inf", "0.5 is above the stable 0.444"),
    ),
    "worker dead": (
        orphaned, "bad", ("stopped at step 1,234", "process ended"),
    ),
    "worker silent": (silent, "bad", ("no answer for 8 s", "step 34", "loss")),
    "failed": (failed, "bad", ("stopped at step 175", "out of memory")),
}  # fmt: skip


@pytest.mark.parametrize("name", STANDINGS)
def test_a_run_stands_in_words_that_say_so(name: str) -> None:
    make, mood, words = STANDINGS[name]
    sentence = status.standing(make())
    assert sentence.mood == mood
    for part in words:
        assert part in sentence.words
    assert len(sentence.words) <= ROOM


def test_a_run_whose_loss_grows_is_not_called_well() -> None:
    session = trained(60, learning_rate=0.6)
    assert status.standing(session).mood == "bad"
    assert "loss grows" in status.standing(session).words


def test_after_divergence_it_says_what_helps_and_nothing_else() -> None:
    session = trained(9999, learning_rate=0.5)
    assert status.outlook(session).words == (
        "last finite step · r begins again; first change learning rate · , back"
    )
    session.set_value("learning_rate", 0.2)
    session.receive()
    assert session.forecast.step is None


def test_a_goal_that_was_reached_is_remembered_when_training_goes_on() -> None:
    session = trained(999)
    assert "since step 175: space goes on" in status.outlook(session).words
    session.toggle()
    assert "since step 175: training goes on" in status.outlook(session).words


def test_only_a_run_with_a_forecast_has_one_beside_its_outcome() -> None:
    assert "forecast" not in status.standing(trained(9999, optimizer="adam", learning_rate=1.0)).words
    assert "forecast" not in status.standing(trained(12)).words


OUTLOOKS: list[tuple[dict[str, Value], str, tuple[str, ...]]] = [
    ({}, "quiet", ("forecast", "at step 175")),
    ({"learning_rate": 0.5}, "bad", ("rate 0.5", "diverges", "0.444")),
    ({"optimizer": "momentum", "learning_rate": 100.0}, "bad", ("rate 100", "diverges")),
    ({"encoding": "gray"}, "attention", ("Gray", "linear", "loss")),
    ({"encoding": "gray", "bits": 16}, "attention", ("Gray", "loss")),
    ({"data": "range:0-31"}, "attention", ("7", "5", "never set", "random")),
    ({"data": "range:0-0", "bits": 16}, "attention", ("15", "0", "never set", "random")),
    ({"data": "none +85", "bits": 16}, "attention", ("never set", "random")),
    ({"noise": 1.0}, "attention", ("labels", "best", "loss")),
    ({"data": "all +5=6"}, "attention", ("labels", "loss")),
    ({"data": "none +255 +1"}, "attention", ("sum",)),
    ({"batch_size": 4}, "quiet", ("no forecast", "only plain gradient descent")),
    ({"optimizer": "rmsprop"}, "quiet", ("no forecast",)),
    ({"encoding": "negabinary", "bits": 16}, "quiet", ("(-2)^k", "forecast")),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "mood", "words"), OUTLOOKS, ids=lambda value: str(value)[:40])
def test_the_outlook_is_what_is_most_worth_knowing(
    settings: dict[str, Value], mood: str, words: tuple[str, ...]
) -> None:
    sentence = status.outlook(opened(**settings)[0])
    assert sentence.mood == mood
    assert len(sentence.words) <= ROOM
    for part in words:
        assert part in sentence.words


def test_a_warning_goes_before_a_flaw_of_the_data_and_both_before_a_forecast() -> None:
    assert "diverges" in status.outlook(opened(encoding="gray", learning_rate=0.5)[0]).words
    assert "Gray" in status.outlook(opened(encoding="gray")[0]).words


def test_all_that_there_is_to_warn_of_is_said_or_at_least_counted() -> None:
    session = opened(encoding="gray", data="range:0-31 +5=6", learning_rate=2.0)[0]
    sentence = status.outlook(session)
    said = [warning.words for warning in status.warnings(session)]
    assert ["diverges" in said[0], "never set" in said[1], "Gray" in said[2], len(said)] == [True] * 3 + [3]
    assert sentence.fitted(300) == " · ".join(said)
    assert sentence.fitted(ROOM) == f"{said[0]} · ? tells 2 more"
    assert sentence.fitted(30) == f"{said[0][:12]}… · ? tells 2 more"


def test_what_is_waited_for_is_said_before_warnings_and_before_a_forecast() -> None:
    for settings in ({}, {"encoding": "gray"}, {"learning_rate": 0.5}):
        session = opened(**settings)[0]
        session.stop_when("loss<3; sign 0.Dense.W[2,0]")
        sentence = status.outlook(session)
        assert sentence.words.startswith("stops when loss < 3 or 0.Dense.W[2,0] changes sign")
        assert sentence.mood == ("attention" if settings else "quiet")
        assert sentence.more == tuple(warning.words for warning in status.warnings(session))


def test_from_the_past_of_a_run_that_diverged_its_last_finite_step_is_one_key_away() -> None:
    session = trained(9999, learning_rate=0.5)
    assert status.outlook(session).words.startswith("last finite step · ")
    session.seek(0)
    outlook = status.outlook(session).words
    assert "end leads to the last finite step" in outlook
    assert len(outlook) <= ROOM
    assert "nan" not in status.standing(session).words


@pytest.mark.parametrize("name", STANDINGS)
@pytest.mark.parametrize("width", range(20, ROOM, 7))
def test_where_words_do_not_fit_the_last_parts_go_and_the_loss_stays(name: str, width: int) -> None:
    sentence = status.standing(STANDINGS[name][0]())
    fitted = sentence.fitted(width)
    assert len(fitted) <= width
    assert fitted[-1] not in "· "
    assert sentence.fitted(200) == sentence.words
    if name == "reached":
        assert ("loss" in fitted) == (width >= 34)


def test_a_long_part_is_cut_before_others_go() -> None:
    sentence = status.Sentence(
        "running · step 3 · loss 2.31 · writes a text of many characters · 3 right", "good"
    )
    assert sentence.fitted(66) == "running · step 3 · loss 2.31 · writes a text of many ch… · 3 right"
    assert sentence.fitted(55) == "running · step 3 · loss 2.31 · writes a text of many c…"
    assert sentence.fitted(30) == "running · step 3 · loss 2.31"


def test_where_a_condition_stopped_it_the_step_is_told_once_and_the_loss_with_it() -> None:
    session, worker = opened()
    session.stop_when("loss<1e3")
    session.toggle()
    worker.train(999)
    session.receive()
    words = status.standing(session).words
    assert words.startswith("stopped: loss < 1000 at step ")
    assert words.count("step") == 1
    assert f" · loss {session.experiment.loss:.3g} · max|w" in words


PENDING: dict[str, Value] = {"bits": 7, "encoding": "negabinary", "initializer": "xavier", "bias": True}


@pytest.mark.parametrize("count", [1, 2, 4])
def test_what_waits_for_a_reset_goes_before_all_and_says_how_to_confirm_and_to_drop_it(count: int) -> None:
    session = trained(3, learning_rate=0.5)
    for key, value in list(PENDING.items())[:count]:
        session.set_value(key, value)
    sentence = status.outlook(session)
    assert ("7 needs" in sentence.words) == (count == 1)
    assert (f"{count} changes need" in sentence.words) == (count > 1)
    assert sentence.words.endswith("a new network: enter resets, esc keeps this one")
    assert len(sentence.words) <= ROOM


@pytest.mark.parametrize("key", PENDING)
def test_any_one_setting_that_waits_fits(key: str) -> None:
    session = trained(3)
    session.set_value(key, PENDING[key])
    assert len(status.outlook(session).words) <= ROOM


def test_paces_are_short() -> None:
    assert [status.pace(speed) for speed in (1.0, 10.0, 5000.0, UNLIMITED)] == [
        "1/s",
        "10/s",
        "5,000/s",
        "max",
    ]
    assert max(len(status.pace(speed)) for speed in SPEEDS) <= 9
    assert math.isinf(SPEEDS[-1])
