"""Characters that no terminal may be sent, written so that they can be read and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchtui.experiments.escapes import escaped, glyph, printable, unescaped


@given(st.text())
def test_what_is_escaped_is_meant_again(text: str) -> None:
    written = escaped(text)
    assert written.isprintable()
    assert unescaped(written) == text
    assert not written.startswith("@")


@given(st.text())
def test_what_is_printable_stays_as_it_is(text: str) -> None:
    assert printable(text).isprintable()
    assert printable(printable(text)) == printable(text)


@given(st.text())
def test_escapes_of_any_text_are_read_somehow(text: str) -> None:
    assert len(unescaped(text)) <= len(text)


MEANT = [
    (r"a\nb", "a\nb"),
    (r"\\n", r"\n"),
    (r"C:\path", r"C:\path"),
    (r"\x41\u00e9\U0001f642", "Aé🙂"),
    (r"\@home", "@home"),
    ("\\", "\\"),
    (r"\U99999999", r"\U99999999"),
]


@pytest.mark.parametrize(("written", "meant"), MEANT)
def test_an_escape_is_read_as_it_is_everywhere(written: str, meant: str) -> None:
    assert unescaped(written) == meant


GLYPHS = [(" ", "␣"), ("\n", "⏎"), ("\t", "⇥"), ("\x1b", "␛"), ("\u0301", "◌\u0301"), ("\u200d", r"\u200d"),
          ("\ufe0f", r"\ufe0f"),          ("\xa0", r"\xa0"), ("é", "é"), ("本", "本")]  # fmt: skip


@pytest.mark.parametrize(("character", "shown"), GLYPHS)
def test_a_character_alone_can_be_seen(character: str, shown: str) -> None:
    assert glyph(character) == shown
