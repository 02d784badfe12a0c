"""What the texts of all datasets share: how edits are written, read again, bounded and refused."""

import pytest

from scratchtui.experiments.bits.rows import GRAMMAR as ROWS
from scratchtui.experiments.data_text import Grammar, base_of, unknown, written
from scratchtui.experiments.faces.dataset import GRAMMAR as FACES
from scratchtui.experiments.samples.examples import GRAMMAR as EXAMPLES

FACE = "0066660042241800"
WRITTEN = [
    (ROWS, "none +5 +5=6 +-3=0.5 -5 --3"),
    (ROWS, "all +7=1e-05 +9=-6.25 +1000000=1000000000000"),
    (EXAMPLES, "xor +10=1 -3 4:11 4=0 2:11=1"),
    (EXAMPLES, "plane +0.5,-1=1 1:-2,3"),
    (FACES, f"nine +{FACE}=smile ~{FACE}=frown -{FACE}"),
]


@pytest.mark.parametrize(("grammar", "text"), WRITTEN)
def test_edits_are_written_as_they_were_read(grammar: Grammar[object], text: str) -> None:
    assert written(base_of(text), grammar.edits(text)) == text
    assert grammar.edits("  " + text.replace(" ", "   ")) == grammar.edits(text)


@pytest.mark.parametrize("grammar", [ROWS, EXAMPLES, FACES])
def test_a_word_that_is_no_edit_is_refused_with_the_forms_that_there_are(grammar: Grammar[object]) -> None:
    *most, last = grammar.forms
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the whole sentence is checked below
        grammar.edits("base nonsense")
    assert str(refusal.value) == f"'nonsense' is no edit of the data; write {', '.join(most)} or {last}"


@pytest.mark.parametrize("grammar", [ROWS, EXAMPLES, FACES])
def test_more_edits_than_can_be_kept_are_refused_before_any_is_read(grammar: Grammar[object]) -> None:
    with pytest.raises(ValueError, match=f"{grammar.most + 1:,} edits .* the most is {grammar.most:,}"):
        grammar.edits("base" + " x" * (grammar.most + 1))


def test_a_name_that_no_dataset_has_is_refused_with_the_nearest() -> None:
    assert (
        str(unknown("nien", ("nine", "all"))) == "data has no choice 'nien'; did you mean 'nine'? (nine, all)"
    )
    assert base_of("  ") == ""
