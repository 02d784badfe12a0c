"""The screen as SVG and as text."""

from xml.etree import ElementTree as ET

import pytest

from scratchtui.tui.picture import HEIGHT, WIDTH, Cell, ground, svg, text

GROUND, INK = "121212", "d0d0d0"
NAMESPACE = "{http://www.w3.org/2000/svg}"


def cells(characters: str, **options: str | bool) -> list[Cell]:
    return [Cell(character, INK, GROUND)._replace(**options) for character in characters]


def drawn(*lines: list[Cell]) -> list[ET.Element]:
    """Return what is drawn upon the ground."""
    picture = ET.fromstring(svg(lines, GROUND))
    return list(picture.findall(f"{NAMESPACE}g/*"))


def test_characters_stand_in_their_cells_whatever_the_font() -> None:
    (words,) = drawn(cells("   "), cells(" <&>"))
    assert words.text == "<&>"
    assert words.attrib["x"] == str(WIDTH)
    assert words.attrib["textLength"] == str(3 * WIDTH)
    assert HEIGHT < float(words.attrib["y"]) < 2 * HEIGHT


def test_a_wide_character_takes_two_cells() -> None:
    line = [*cells("日"), Cell("", INK, GROUND), *cells("x")]
    (words,) = drawn(line)
    assert (words.text, words.attrib["textLength"]) == ("日x", str(3 * WIDTH))
    assert text([line]) == "日x\n"


@pytest.mark.parametrize(
    ("character", "kinds"),
    [
        ("⣿", ["circle"] * 8),
        ("⠁", ["circle"]),
        ("█", ["rect"]),
        ("▄", ["rect"]),
        ("▌", ["rect"]),
        ("╭", ["path"]),
    ],
)
def test_what_few_fonts_have_is_drawn(character: str, kinds: list[str]) -> None:
    assert [each.tag.removeprefix(NAMESPACE) for each in drawn(cells(character))] == kinds


def test_another_ground_is_painted_under_its_cells_and_bold_is_bold() -> None:
    ground, words = drawn([*cells(" "), *cells("ab", back="303030", bold=True)])
    assert (ground.attrib["fill"], ground.attrib["width"]) == ("#303030", str(2 * WIDTH))
    assert words.attrib["font-weight"] == "bold"


def test_as_text_blanks_at_the_end_are_dropped() -> None:
    assert text([cells("a b  "), cells("   "), cells("⣿")]) == "a b\n\n⣿\n"


def test_the_ground_is_what_is_behind_most() -> None:
    assert ground([cells("aaa"), [*cells("ab", back="303030"), *cells("c")]]) == GROUND
