"""Tables of rows as others write them."""

import pytest

from scratchtui.experiments.data_text import MOST_EDITS
from scratchtui.experiments.neural import NeuralNet
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.recipe import default_recipe


def pasted(data: str, text: str) -> str:
    """Return the data after a table was pasted, which the network can take."""
    experiment = NeuralNet(default_recipe(NeuralNet).with_value("data", data))
    _, changes = experiment.edited("rows", Edit("paste", (), text), Probe())
    experiment.change("data", changes["data"])
    return str(changes["data"])


@pytest.mark.parametrize(
    ("data", "text", "became"),
    [
        ("xor", "10=1", "xor +10=1"),
        ("xor", "1 0 1\n0,1,0\n", "xor +10=1 +01=0"),
        ("xor", "x1\tx2\ttarget\n1\t1\t0\n\n0\t0\t1", "xor +11=0 +00=1"),
        ("xor", "| a | b | y |\n|---|:-:|--:|\n| 0 | 1 | 1 |", "xor +01=1"),
        ("parity:3", "101 1", "parity:3 +101=1"),
        ("plane", "x;y;class\n0.5;-1;1\n-2e-1;3;0", "plane +0.5,-1=1 +-0.2,3=0"),
    ],
)
def test_a_table_becomes_rows_however_its_cells_are_set_apart(data: str, text: str, became: str) -> None:
    if data == "plane":
        data, became = f"{data} +1,1=1", became.replace("plane", "plane +1,1=1")
    assert pasted(data, text) == became


@pytest.mark.parametrize(("action", "place"), [("remove", (6,)), ("flip", (6, 1))])
def test_a_row_that_has_gone_meanwhile_is_neither_removed_nor_changed(
    action: str, place: tuple[int, ...]
) -> None:
    experiment = NeuralNet(default_recipe(NeuralNet).with_value("data", "xor +11=1"))
    with pytest.raises(ValueError, match="not there any more"):
        experiment.edited("rows", Edit(action, place), Probe())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no row in it"),
        ("hello", "there is no row in it"),
        ("x y target", "there is no row in it"),
        ("1 0 1\n1 0", r"line 2: '1' is not a row of 2 digits"),
        ("1 0 1\nhello", "line 2: 'hello' is no row: that is numbers and a target"),
        ("1 0 yes", "line 1: the target is 0 or 1, and 'yes' is neither: write 10=1"),
        ("1 0 \x1b[31m", r"line 1: the target is 0 or 1, and '\\x1b\[31m' is neither"),
        ("1 0 1\n" * (MOST_EDITS + 1), "2,001 edits of the data are too many; the most is 2,000"),
    ],
)
def test_what_is_no_table_is_refused_by_its_line(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        pasted("xor", text)
