"""The RNN experiment: what it learns, what it writes, what holding a unit does, what it refuses."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.letters.reading import Reading, Weights, drawn, softmax
from scratchtui.experiments.letters.text import TWO_HUNDRED, WORDS
from scratchtui.experiments.letters.windows import Windows, around
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.recipe import Recipe, default_recipe, find_hyperparameter
from scratchtui.experiments.rnn import RNN
from scratchtui.experiments.snapshot import same_state
from scratchtui.experiments.view import Gallery, Matrix, Prose, Table
from scratchtui.nn import Array, softmax_cross_entropy
from scratchtui.training.trainer import Trainer
from scratchtui.training.until import Until

LONG = "the cat sat on the mat, the dog sat on the log"


def recipe(seed: int = 0, **settings: Value) -> Recipe:
    default = default_recipe(RNN, seed)
    return Recipe(default.experiment, {**default.settings, **settings}, seed)


def untrained(seed: int = 0, **settings: Value) -> RNN:
    return RNN(recipe(seed, **settings))


def trained(steps: int | None = None, seed: int = 0, **settings: Value) -> RNN:
    """Train for so many steps, or until the goal is met."""
    trainer = Trainer(recipe(seed, **settings))
    experiment = trainer.experiment
    assert isinstance(experiment, RNN)
    if steps is None:
        trainer.step(experiment.step_budget(), Until.of(experiment.goal))
    else:
        trainer.step(steps)
    return experiment


def table(experiment: RNN, panel: str, probe: Probe = Probe()) -> Table:  # noqa: B008 - frozen
    view = experiment.view(panel, [], probe)
    assert isinstance(view, Table)
    return view


def matrix(experiment: RNN, panel: str, probe: Probe = Probe()) -> Matrix:  # noqa: B008 - frozen
    view = experiment.view(panel, [], probe)
    assert isinstance(view, Matrix)
    return view


def probabilities_of_what_comes(experiment: RNN) -> Array:
    reading = experiment.reading()
    probabilities = softmax(reading.states @ reading.weights.W + reading.weights.c)
    return np.asarray(probabilities[np.arange(len(probabilities)), reading.targets])


def loss_at(experiment: RNN, step: int, states: Array) -> float:
    """Return the cross-entropy of one time step, for the hidden states (n, H)."""
    weights = experiment.reading().weights
    target = experiment.text.one_hot()[step + 1]
    return softmax_cross_entropy((states[step] @ weights.W + weights.c)[None], target[None])[0]


# what it learns


@pytest.mark.parametrize(
    "settings", [{}, {"hidden": 1}, {"text": "aab", "hidden": 5}, {"text": "zz"}], ids=str
)
def test_the_gradient_agrees_with_central_differences(settings: dict[str, Any]) -> None:
    experiment = trained(3, clip=1e6, **settings)
    checks = experiment.check_gradients()
    assert all(check.relative_error < 1e-6 for check in checks), checks
    checked = experiment.network.gradient.copy()
    experiment.gradient()
    np.testing.assert_allclose(experiment.network.gradient, checked, rtol=1e-9)


@pytest.mark.parametrize("seed", range(0, 100, 7))
def test_hello_is_written_from_h_whatever_the_seed(seed: int) -> None:
    experiment = trained(seed=seed)
    assert experiment.metrics()["text"] == "hello"
    assert experiment.measure("accuracy") == 1.0
    assert experiment.measure("certainty") > 0.5
    assert experiment.predict("h").prediction == "ello"
    assert experiment.steps < 200


@pytest.mark.parametrize("seed", range(10))
def test_one_hidden_unit_is_enough_for_hello(seed: int) -> None:
    assert trained(seed=seed, hidden=1, learning_rate=0.03).metrics()["text"] == "hello"


@pytest.mark.parametrize("word", WORDS)
def test_words_of_many_kinds_are_learnt_with_the_defaults(word: str) -> None:
    assert trained(text=word).metrics()["text"] == word


def repeated(letters: list[str]) -> str:
    """Return X a X b for letters X, a, b: only memory of the very beginning tells what comes at the end."""
    *again, one, other = letters
    return "".join([*again, one, *again, other])


ANY_WORD = (
    st.text(st.sampled_from("abcdeé本 "), min_size=2, max_size=20).filter(lambda w: len(w.strip()) > 1)
    | st.lists(st.sampled_from("abcdefghijklmnop"), min_size=4, max_size=11, unique=True).map(repeated)
    | st.integers(0, 18).map(lambda before: "a" * before + "b" + "a" * (18 - before) + "c")
    | st.permutations("abcdefghijklmnopqrst").map("".join)
)


@settings(max_examples=40, deadline=None)
@given(ANY_WORD, st.integers(0, 99))
def test_any_word_is_learnt_well_within_its_budget(word: str, seed: int) -> None:
    experiment = trained(seed=seed, text=find_hyperparameter(RNN, "text").parse(word))
    assert experiment.metrics()["text"] == word.strip()
    assert experiment.steps < experiment.step_budget() / 2


def test_two_hundred_characters_are_written_without_a_slip() -> None:
    assert len(TWO_HUNDRED) == 200
    experiment = trained(text=TWO_HUNDRED, hidden=100, learning_rate=0.003)
    assert experiment.metrics()["text"] == TWO_HUNDRED
    assert experiment.steps < 200


def test_the_claims_name_settings_that_there_are_and_metrics_that_are_measured() -> None:
    experiment = untrained()
    for claim in RNN.claims:
        for settings_ in claim.recipes:
            assert all(find_hyperparameter(RNN, key).parse(text) for key, text in settings_.items())
        for condition in claim.holds:
            until = Until.of(condition)
            assert until.metric in experiment.metrics()
            assert 0.0 <= experiment.measure(until.metric) < until.value


def test_a_text_longer_than_the_window_is_learnt_window_by_window() -> None:
    experiment = trained(text=LONG, window=16, hidden=48, learning_rate=0.004)
    assert "windows" in experiment.notice()
    assert experiment.metrics()["text"] == LONG


@pytest.mark.parametrize("length", range(2, 40))
@pytest.mark.parametrize("window", [1, 4, 7, 16])
def test_windows_cover_a_text_once_and_differ_in_length_by_one_at_the_most(length: int, window: int) -> None:
    count = length - 1
    windows, place, lengths = -(-count // window), 0, []
    batches = Windows(count)
    for _ in range(windows):
        stretch = batches.stretch(windows)
        assert stretch.start == place
        assert all(around(step, count, windows) == stretch for step in range(stretch.start, stretch.stop))
        place = stretch.stop
        lengths.append(stretch.stop - stretch.start)
    assert place == count
    assert max(lengths) <= window
    assert max(lengths) - min(lengths) <= 1


def test_what_is_remembered_is_the_state_after_each_character() -> None:
    experiment = untrained()
    weights = Weights(*experiment.network.parameters.values())
    states = [weights.read(experiment.text.ids[: step + 1]) for step in range(4)]
    np.testing.assert_allclose(matrix(experiment, "memory", Probe()).values, np.array(states), atol=1e-12)
    gallery = experiment.view("weights", [], Probe())
    assert isinstance(gallery, Gallery)
    np.testing.assert_array_equal(gallery.tiles[0].matrix.values, weights.Wh)


def test_windows_are_alike_in_length_and_carry_the_memory_on() -> None:
    experiment = untrained(text=LONG, window=16)
    reading = Reading.of(
        Weights(*(w.copy() for w in experiment.network.parameters.values())), experiment.text.ids
    )
    experiment.gradient()
    carried = experiment.batches.carried
    assert experiment.batches.state[1] == 15
    assert carried is not None
    np.testing.assert_allclose(carried[0], reading.states[14], rtol=1e-12)
    experiment.gradient()
    assert experiment.batches.carried is not None
    np.testing.assert_allclose(experiment.batches.carried[0], reading.states[29], rtol=1e-12)


def test_the_certainty_of_windows_is_due_once_a_pass_and_never_wrong() -> None:
    experiment = untrained(text=LONG, window=16)
    due = []
    for _ in range(6):
        experiment.step()
        due.append(experiment.goal_due())
        assert experiment.measure("certainty") == pytest.approx(probabilities_of_what_comes(experiment).min())
    assert due == [False, False, True] * 2


@pytest.mark.parametrize("text", ["hello", "aaab", "naïve"])
def test_free_writing_is_right_where_every_character_is_said_right(text: str) -> None:
    experiment = untrained(text=text)
    for _ in range(200):
        experiment.step()
        metrics = experiment.metrics()
        assert (metrics["text"] == text) == (metrics["accuracy"] == 1.0)
        assert metrics["certainty"] == pytest.approx(experiment.measure("certainty"))


# determinism


@pytest.mark.parametrize(
    "settings", [{}, {"text": LONG, "window": 16}, {"clip": 0.01, "optimizer": "momentum"}], ids=str
)
def test_a_restored_snapshot_goes_on_as_the_uninterrupted_run_did(settings: dict[str, Any]) -> None:
    whole, part = untrained(3, **settings), untrained(3, **settings)
    losses = [whole.step() for _ in range(23)]
    snapshot = whole.snapshot()
    whole.measure("certainty")
    losses += [whole.step() for _ in range(23)]
    part.measure("certainty")
    part.restore(snapshot)
    again = [part.step() for _ in range(23)]
    assert again == losses[23:]
    assert same_state(whole.snapshot(), part.snapshot())


def test_looking_changes_nothing() -> None:
    looked_at, alone = untrained(hidden=6), untrained(hidden=6)
    for _ in range(20):
        for panel in RNN.panels:
            looked_at.view(panel.name, [], Probe("he", 2, held={0: 1.0}))
        looked_at.metrics()
        looked_at.check_gradients()
        assert looked_at.step() == alone.step()


CHANGES: list[tuple[str, Value]] = [
    ("text", "hollehe"),
    ("learning_rate", 0.01),
    ("optimizer", "sgd"),
    ("clip", 0.001),
    ("window", 2),
    ("temperature", 0.1),
]


@pytest.mark.parametrize(("key", "value"), CHANGES)
def test_a_live_change_leaves_what_was_learnt_and_goes_on(key: str, value: Value) -> None:
    experiment = trained(30)
    before = experiment.network.vector.copy()
    experiment.change(key, value)
    assert np.array_equal(experiment.network.vector, before)
    assert all(math.isfinite(experiment.step()) for _ in range(20))
    assert not np.array_equal(experiment.network.vector, before)


def test_a_text_of_the_same_characters_is_live_and_any_other_needs_a_new_network() -> None:
    experiment = trained()
    assert experiment.can_change("text", "ohell")
    assert not experiment.can_change("text", "help")
    with pytest.raises(ValueError, match="new network"):
        experiment.change("text", "help")
    experiment.change("text", "olleh")
    trainer = Trainer(recipe(text="olleh"), experiment.snapshot())
    trainer.step(3000, Until.of(experiment.goal))
    assert trainer.experiment.metrics()["text"] == "olleh"


def test_a_gradient_is_no_longer_than_the_clip() -> None:
    experiment = untrained(clip=0.01)
    experiment.gradient()
    assert np.linalg.norm(experiment.network.gradient) == pytest.approx(0.01)


# what is seen


@pytest.mark.parametrize("text", ["hello", "abc", "zz", LONG, "e\u0301te\u0301", "a\\nb\\u200dc"])
def test_every_panel_shows_a_text_without_what_a_terminal_would_obey(text: str) -> None:
    experiment = trained(5, text=text)
    for panel in RNN.panels:
        view = experiment.view(panel.name, [], Probe(row=10**6))
        assert all(word.isprintable() for word in words_of(view)), panel.name
    assert experiment.headline().isprintable()


def words_of(view: Any) -> list[str]:
    match view:
        case Table(columns=columns, rows=rows, note=note):
            return [*columns, *(cell for row in rows for cell in row), note]
        case Matrix(row_labels=down, column_labels=across):
            return [*down, *across]
        case Gallery(tiles=tiles):
            return [word for tile in tiles for word in (tile.title, *words_of(tile.matrix))]
        case Prose(paragraphs=paragraphs):
            return [text for spans in paragraphs for text, _ in spans]
    raise AssertionError(view)


def test_the_word_shows_what_comes_and_what_is_said() -> None:
    view = table(trained(), "word")
    assert [row[:2] for row in view.rows] == [("h", "e"), ("he", "l"), ("hel", "l"), ("hell", "o")]
    assert [row[3][0] for row in view.rows] == list("ello")
    assert view.marked == frozenset()
    assert view.note == "writes hello"
    assert len(table(untrained(), "word").marked) > 0


def test_probabilities_are_a_distribution_at_each_time_step_with_the_target_marked() -> None:
    view = matrix(trained(), "probabilities")
    assert view.row_labels == ("→e", "→h", "→l", "→o")
    assert view.column_labels == tuple("hell")
    np.testing.assert_allclose(view.values.sum(axis=0), 1.0)
    assert sorted(view.marks) == [(0, 0), (2, 1), (2, 2), (3, 3)]


def test_the_twins_of_hello_are_told_apart_by_their_units() -> None:
    experiment = trained()
    view = table(experiment, "twins")
    assert view.columns == ("unit", "hel", "hell", "to o")
    reading = experiment.reading()
    logits = reading.logits(slice(None))
    apart = logits[:, 3] - logits[:, 2]
    assert sum(float(row[3]) for row in view.rows) == pytest.approx(apart[3] - apart[2], abs=0.1)
    moves = [float(row[3]) for row in view.rows]
    assert moves == sorted(moves, reverse=True)


@pytest.mark.parametrize(
    ("text", "twins"), [("hello", (2, 3)), ("abcabd", (1, 4)), ("aab", (0, 1)), ("abab", None)]
)
def test_twins_are_the_first_places_that_only_memory_tells_apart(
    text: str, twins: tuple[int, int] | None
) -> None:
    experiment = untrained(text=text)
    assert experiment.text.twins == twins
    assert experiment.absent() == (frozenset() if twins else frozenset({"twins"}))


@pytest.mark.parametrize("held", [{}, {1: 0.3}], ids=str)
def test_the_reach_is_the_derivative_of_each_loss_by_each_state_before_it(held: dict[int, float]) -> None:
    experiment = trained(40, hidden=3)
    reading = experiment.reading(held)
    weights, ids = reading.weights, experiment.text.ids.tolist()
    reach = matrix(experiment, "reach", Probe(held=held)).values
    assert np.isnan(reach[np.triu_indices(4, 1)]).all()
    for t, s in [(0, 0), (2, 1), (3, 0), (3, 3)]:
        slopes = []
        for unit in range(3):
            losses = []
            for nudge in (1e-6, -1e-6):
                states = reading.states.copy()
                states[s, unit] += nudge
                for step in range(s + 1, t + 1):
                    states[step] = weights.next_state(states[step - 1], ids[step], held)
                losses.append(loss_at(experiment, t, states))
            slopes.append((losses[0] - losses[1]) / 2e-6)
        assert reach[t, s] == pytest.approx(float(np.linalg.norm(slopes)), rel=1e-5)


def test_the_reach_ends_where_a_window_begins() -> None:
    experiment = untrained(text=LONG, window=16)
    assert matrix(experiment, "reach", Probe(row=20)).column_labels == tuple(LONG[15:30].replace(" ", "␣"))


def test_what_is_drawn_depends_on_seed_and_step_alone() -> None:
    def seen(experiment: RNN) -> Any:
        return experiment.view("writes", [], Probe())

    one = trained(60)
    assert seen(one) == seen(trained(60))
    one.view("word", [], Probe())
    assert seen(one) == seen(trained(60))
    assert len({str(seen(trained(60, seed=seed))) for seed in range(8)}) > 1


@pytest.mark.parametrize("temperature", [0.2, 1.0, 5.0])
def test_characters_are_drawn_as_often_as_they_are_likely_at_the_temperature(temperature: float) -> None:
    logits = np.array([1.0, 0.0, -1.0, 0.5])
    draw = drawn(np.random.default_rng(0), temperature)
    counts = np.bincount([draw(logits) for _ in range(4000)], minlength=4)
    np.testing.assert_allclose(counts / 4000, softmax(logits / temperature), atol=0.03)


def test_wrong_characters_stand_in_brackets() -> None:
    experiment = untrained()
    prose = "".join(words_of(experiment.view("writes", [], Probe())))
    assert "[" in prose
    cold = trained(temperature=0.01).view("writes", [], Probe())
    assert "[" not in "".join(words_of(cold))


def test_a_long_text_is_shown_around_the_chosen_time_step() -> None:
    experiment = untrained(text=TWO_HUNDRED)
    view = table(experiment, "word", Probe(row=150))
    assert (view.ids[0], view.ids[-1], view.selected) == (102, 197, 150)
    assert matrix(experiment, "probabilities", Probe(row=150)).values.shape[1] == 40


@pytest.mark.parametrize("place", [0, 700, 3000])
def test_of_a_long_text_no_more_is_read_than_is_shown_and_that_is_as_in_the_whole(place: int) -> None:
    experiment = untrained(text=TWO_HUNDRED * 20, hidden=4)
    whole = experiment.reading()
    view = table(experiment, "word", Probe(row=place))
    span = slice(view.ids[0], view.ids[-1] + 1)
    assert len(experiment.reading(steps=max(400, span.stop)).states) < len(whole.states)
    wrong = np.flatnonzero(~whole.right()[span])
    assert view.marked == frozenset(wrong.tolist())
    assert [row[2] for row in view.rows] == [
        f"{p:.2f}" for p in probabilities_of_what_comes(experiment)[span]
    ]
    assert experiment.headline().endswith(f"{whole.right()[:400].sum()} of the first 400 right")


def test_what_is_written_is_written_once_for_all_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, counts = untrained(text=LONG), []
    write = Reading.write
    monkeypatch.setattr(Reading, "write", lambda read, count: counts.append(count) or write(read, count))
    for panel in RNN.panels:
        experiment.view(panel.name, [], Probe())
    experiment.headline()
    assert counts == [len(LONG) - 1]


def test_settings_that_are_not_of_the_text_leave_the_text_as_it_is() -> None:
    experiment = untrained()
    text = experiment.text
    for key in ("temperature", "clip", "window"):
        experiment.change(key, 3)
    assert experiment.text is text


# holding units


def held_by(experiment: RNN, *edits: tuple[str, int, str]) -> Probe:
    probe = Probe()
    for action, unit, text in edits:
        probe, changes = experiment.edited("units", Edit(action, (unit,), text), probe)
        assert changes == {}
    return probe


def test_units_are_silenced_held_and_let_go() -> None:
    experiment = trained()
    probe = held_by(experiment, ("silence", 3, ""), ("hold", 5, "-0.5"))
    assert probe.held == {3: 0.0, 5: -0.5}
    rows = table(experiment, "units", probe).rows
    assert (rows[3], rows[5]) == (("4", "+0.00", "+0.00"), ("6", "-0.50", "-0.50"))
    assert "unit 4 at 0, unit 6 at -0.5" in table(experiment, "units", probe).note
    assert held_by(experiment, ("silence", 3, ""), ("hold", 5, "1"), ("release", 3, "")).held == {5: 1.0}
    assert held_by(experiment, ("silence", 3, ""), ("release_all", 0, "")).held == {}
    assert experiment.written("units", Edit("hold", (3,)), probe) == "0.00"


@pytest.mark.parametrize("text", ["2", "x", "nan", ""])
def test_a_unit_is_held_at_no_value_that_it_could_not_have(text: str) -> None:
    with pytest.raises(ValueError, match="-1 to 1"):
        held_by(untrained(), ("hold", 0, text))


def test_a_held_unit_changes_what_is_written_everywhere_and_what_is_learnt_nowhere() -> None:
    experiment = trained()
    telling = table(experiment, "twins").ids[:16]
    probe = held_by(experiment, *(("silence", unit, "") for unit in telling))
    word = table(experiment, "word", probe)
    assert word.marked
    assert "hello" not in word.note
    assert "held" in word.note
    said = "".join(words_of(experiment.view("writes", [], probe)))
    assert "held" in said
    prompted = experiment.prompted(Probe("hel", held=probe.held))
    assert prompted != experiment.answer("hel")
    assert not matrix(experiment, "memory", probe).values[:, list(telling)].any()
    other = trained(experiment.steps)
    assert other.step() == experiment.step()


def test_units_that_a_smaller_network_has_not_got_are_not_held() -> None:
    experiment = trained(hidden=1, learning_rate=0.03)
    probe = Probe(held={0: 1.0, 40: 0.0})
    assert table(experiment, "units", probe).note == "held: unit 1 at 1"


def test_units_are_counted_from_one_wherever_they_are_named() -> None:
    experiment, probe = untrained(hidden=2), Probe(held={1: 0.5})
    gallery = experiment.view("weights", [], probe)
    assert isinstance(gallery, Gallery)
    assert gallery.tiles[0].matrix.row_labels == gallery.tiles[0].matrix.column_labels == ("1", "2")
    assert matrix(experiment, "memory", probe).column_labels == ("1", "2=")
    assert {row[0] for row in table(experiment, "twins", probe).rows} == {"1", "2 held"}
    assert [row[0] for row in table(experiment, "units", probe).rows] == ["1", "2"]
    assert table(experiment, "units", probe).note == "held: unit 2 at 0.5"


# prompts and refusals


@pytest.mark.parametrize(("prompt", "rest"), [("h", "ello"), ("he", "llo"), ("hell", "o")])
def test_a_prompt_is_continued(prompt: str, rest: str) -> None:
    experiment = trained()
    prediction = experiment.predict(prompt)
    assert (prediction.input, prediction.prediction) == (prompt, rest)
    assert prediction.probabilities is not None
    assert next(iter(prediction.probabilities)) == rest[0]
    assert sum(prediction.probabilities.values()) == pytest.approx(1.0)
    assert experiment.answer(prompt).startswith(f"{prompt} → {rest}  ({rest[0]} ")


def test_a_prompt_longer_than_the_text_gets_one_character() -> None:
    assert len(str(trained(5).predict("hellohello").prediction)) == 1


@pytest.mark.parametrize("prompt", ["x", "hex", "H", "\x1b"])
def test_a_prompt_with_a_strange_character_is_told_which_there_are(prompt: str) -> None:
    with pytest.raises(ValueError, match="it knows e h l o") as refusal:
        untrained().predict(prompt)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize("text", ["", "a", "x" * 4001, "a\\ud800b"])
def test_a_text_that_cannot_be_learnt_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"text|Unicode") as refusal:
        untrained(text=text)
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 100


def test_a_text_of_one_character_has_nothing_to_learn() -> None:
    experiment = trained(text="zzzz")
    assert experiment.steps == 1
    assert "nothing to learn" in experiment.notice()


def test_the_more_there_is_to_learn_the_more_steps_are_granted() -> None:
    budgets = [untrained(text=text).step_budget() for text in ("hi", "hello", LONG)]
    assert all(less < more for less, more in pairwise(budgets))
