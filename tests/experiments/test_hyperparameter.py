"""What a hyperparameter takes, writes and refuses."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchtui.experiments import EXPERIMENTS, find_experiment
from scratchtui.experiments.hyperparameter import Hyperparameter, Value, nearest, suggestion
from scratchtui.experiments.recipe import SEED, find_hyperparameter

ALL = {f"{name}.{h.key}": h for name, e in EXPERIMENTS.items() for h in (*e.hyperparameters, SEED)}
BINARY = {h.key: h for h in (*EXPERIMENTS["binary"].hyperparameters, SEED)}
NUMBERS = [h for h in ALL.values() if h.kind in {"float", "integer"}]


def values(h: Hyperparameter) -> st.SearchStrategy[Value]:
    match h.kind:
        case "float":
            return st.floats(h.low, h.high)
        case "integer":
            return st.integers(int(h.low), int(h.high)) | st.sampled_from([*h.names.values(), int(h.low)])
        case "choice":
            return st.sampled_from(h.choices)
        case "switch":
            return st.booleans()
        case "text":
            return st.text().map(h.parse)


@pytest.mark.parametrize("h", ALL.values(), ids=ALL)
def test_the_default_is_valid(h: Hyperparameter) -> None:
    assert h.parse(h.format(h.default)) == h.default


@pytest.mark.parametrize("h", ALL.values(), ids=ALL)
def test_what_is_read_on_the_screen_is_what_is_written_on_the_command_line(h: Hyperparameter) -> None:
    assert h.label == h.key.replace("_", " ")


@pytest.mark.parametrize("h", ALL.values(), ids=ALL)
@given(data=st.data())
def test_parse_reads_what_format_writes(h: Hyperparameter, data: st.DataObject) -> None:
    value = data.draw(values(h))
    assert h.parse(h.format(value)) == value
    assert type(h.parse(h.format(value))) is type(value)


@pytest.mark.parametrize("h", NUMBERS, ids=[h.key for h in NUMBERS])
@given(data=st.data())
def test_a_nudge_moves_its_way_until_the_limit(h: Hyperparameter, data: st.DataObject) -> None:
    value = data.draw(values(h).filter(lambda value: value not in h.names.values()))
    assert isinstance(value, float | int)
    up, down = h.nudge(value, +1), h.nudge(value, -1)
    assert isinstance(up, float | int)
    assert isinstance(down, float | int)
    assert value < up <= h.high or value == up == h.high
    assert h.low <= down < value or value == down == h.low or down in h.names.values()
    assert h.parse(h.format(up)) == up
    assert h.parse(h.format(down)) == down


@pytest.mark.parametrize("h", NUMBERS, ids=[h.key for h in NUMBERS])
def test_nudges_reach_both_limits(h: Hyperparameter) -> None:
    if h.kind == "integer" and h.high > 1000:
        return  # a step at a time is the meaning of a nudge there
    for direction, limit in ((+1, h.high), (-1, h.low)):
        value = h.default
        for _ in range(300):
            value = h.nudge(value, direction)
        assert value == limit


NUDGES = [
    ("learning_rate", 0.2, +1, 0.25),
    ("learning_rate", 0.2, -1, 0.15),
    ("learning_rate", 0.22, -1, 0.2),
    ("learning_rate", 1e-6, -1, 1e-6),
    ("learning_rate", 100.0, +1, 100.0),
    ("noise", 0.0, +1, 1e-3),
    ("noise", 1e-3, -1, 0.0),
    ("noise", 5e-324, -1, 0.0),
    ("noise", 5e-324, +1, 1e-3),
    ("momentum", 0.9, +1, 0.95),
    ("momentum", 0.93, +1, 0.95),
    ("momentum", 0.93, -1, 0.9),
    ("momentum", 0.95, +1, 0.99),
    ("momentum", 0.99, -1, 0.95),
    ("batch_size", 1, -1, 0),
    ("batch_size", 0, -1, 0),
    ("batch_size", 0, +1, 1),
    ("batch_size", 7, +1, 8),
    ("bits", 16, +1, 16),
    ("encoding", "gray", +1, "unsigned"),
    ("encoding", "unsigned", -1, "gray"),
    ("bias", False, +1, True),
    ("data", "all", +1, "all"),
]


@pytest.mark.parametrize(("key", "value", "direction", "expected"), NUDGES)
def test_a_nudge_goes_to_the_next_round_value(
    key: str, value: Value, direction: int, expected: Value
) -> None:
    assert BINARY[key].nudge(value, direction) == expected


REFUSED = [
    ("learning_rate", "fast", "not 'fast'"),
    ("learning_rate", "0", "the nearest is 1e-06"),
    ("learning_rate", "nan", "is no number; it takes 1e-06 to 100"),
    ("learning_rate", "inf", "the nearest is 100"),
    ("bits", "17", "the nearest is 16"),
    ("bits", "0", "the nearest is 1"),
    ("bits", "8.0", "a whole number"),
    ("bits", "1_0", "not '1_0'"),
    ("bits", "٨", "not '٨'"),
    ("learning_rate", "1_0", "not '1_0'"),
    ("learning_rate", "٠.٢", "not '٠.٢'"),
    ("learning_rate", "8" * 300, "88…8888"),
    ("optimizer", "x" * 5000, "(sgd, momentum, rmsprop, adam)"),
    ("bits", "9" * 5000, "a whole number"),
    ("bits", "9" * 400, "the nearest is 16"),
    ("seed", "4294967296", "the nearest is 4294967295"),
    ("seed", "-1", "the nearest is 0"),
    ("batch_size", "0", "all or 1 to 65536"),
    ("batch_size", "al", "all or 1 to 65536"),
    ("encoding", "grey", "did you mean 'gray'"),
    ("encoding", "", "the nearest is 'unsigned' (unsigned, twos, bcd, negabinary, gray)"),
    ("encoding", "morse", "the nearest is 'twos' (unsigned, twos, bcd, negabinary, gray)"),
    ("optimizer", "SGD", "did you mean 'sgd'"),
    ("bias", "maybe", "on or off"),
]


@pytest.mark.parametrize(("key", "text", "hint"), REFUSED, ids=[f"{k}={t[:9]}" for k, t, _ in REFUSED])
def test_a_bad_value_is_refused_with_the_nearest(key: str, text: str, hint: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the hint is checked below
        BINARY[key].parse(text)
    assert hint in str(refusal.value)
    assert str(refusal.value).startswith(key)


@pytest.mark.parametrize("h", ALL.values(), ids=ALL)
@given(text=st.text())
def test_any_text_is_a_value_or_refused(h: Hyperparameter, text: str) -> None:
    try:
        value = h.parse(text)
    except ValueError as refusal:
        sentence = str(refusal)
    else:
        sentence = "taken"
        assert h.parse(h.format(value)) == value
    assert sentence
    assert "\n" not in sentence


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="'learning_rate'"):
        find_hyperparameter(find_experiment("binary"), "learning-rate")
    with pytest.raises(ValueError, match="'binary'"):
        find_experiment("binery")


OPTIONS = ("--tab", "--open", "--color", "--no-mouse")
MEANT = [
    ("lr", "learning_rate", BINARY),
    ("LR", "learning_rate", BINARY),
    ("bs", "batch_size", BINARY),
    ("learn", "learning_rate", BINARY),
    ("rate", "learning_rate", BINARY),
    ("size", "batch_size", BINARY),
    ("opt", "optimizer", BINARY),
    ("init", "initializer", BINARY),
    ("bit", "bits", BINARY),
    ("baes", "bias", BINARY),
    ("learning-rate", "learning_rate", BINARY),
    ("momentun", "momentum", BINARY),
    ("--colour", "--color", OPTIONS),
    ("--mouse", "--no-mouse", OPTIONS),
]


@pytest.mark.parametrize(("word", "meant", "words"), MEANT, ids=[word for word, _, _ in MEANT])
def test_the_nearest_is_what_was_meant(word: str, meant: str, words: Iterable[str]) -> None:
    assert nearest(word, words) == meant
    assert suggestion(word, words) == f"did you mean {meant!r}?"


def test_all_are_listed_where_none_is_close_or_where_asked_for() -> None:
    assert suggestion("pink", ("auto", "none")) == "the nearest is 'none' (auto, none)"
    assert suggestion("non", ("auto", "none"), listing=True) == "did you mean 'none'? (auto, none)"
    assert suggestion("", ("auto", "none")) == "the nearest is 'auto' (auto, none)"


def test_momentum_is_read_only_by_the_momentum_optimizer() -> None:
    assert BINARY["momentum"].applies({"optimizer": "momentum"})
    assert not BINARY["momentum"].applies({"optimizer": "adam"})
    assert BINARY["bits"].applies({})
