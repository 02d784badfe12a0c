r"""Characters that a line cannot hold or an eye cannot see, written so that it can: \n, \t, \u200d."""

from __future__ import annotations

import re
import unicodedata

_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
_NAMES = {written[1]: character for character, written in _NAMED.items()} | {"\\": "\\", "@": "@"}
_ESCAPE = re.compile(
    r"\\(?:([ntr\\@])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U(000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4}))"
)
_GLYPHS = {" ": "␣", "\n": "⏎", "\t": "⇥", "\x7f": "␡"} | {
    chr(k): chr(0x2400 + k) for k in range(32) if k not in (9, 10)
}
_UNSEEN = (
    (0x034F, 0x034F),  # grapheme joiner
    (0x115F, 0x11FF),  # parts of Korean syllables, and what fills them
    (0x17B4, 0x17B5),  # Khmer vowels that are not written
    (0x180B, 0x180F),  # Mongolian selectors
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),  # selectors of variants
    (0xFFA0, 0xFFA0),
    (0xE0100, 0xE01EF),
)
_IS_UNSEEN = re.compile("[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in _UNSEEN) + "]")


def printable(text: str) -> str:
    r"""Return the text with \n, \x1b, \u200d for what a terminal would obey or nobody would see."""
    if _is_seen(text):
        return text
    return "".join(c if _is_seen(c) else _escape(c) for c in text)


def readable(text: str) -> str:
    """Return the text as `printable` does, but for the ends of lines and tabs, which it keeps."""
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in text.split("\n"))


def escaped(text: str) -> str:
    """Return a text so that `unescaped` gives it back, whatever it holds."""
    safe = printable(text.replace("\\", "\\\\"))
    return f"\\{safe}" if safe.startswith("@") else safe


def unescaped(written: str) -> str:
    r"""Return what is meant: \n \t \r \\ \@ \xNN \uNNNN \UNNNNNNNN; any other backslash is one."""
    return _ESCAPE.sub(_meant, written)


def glyph(character: str) -> str:
    r"""Return a character as one can be seen alone: ␣ for a blank, ⏎, ◌́ for an accent, \u200d."""
    if character in _GLYPHS:
        return _GLYPHS[character]
    if not _is_seen(character):
        return _escape(character)
    return f"◌{character}" if unicodedata.category(character)[0] == "M" else character


def _is_seen(text: str) -> bool:
    return text.isprintable() and (text.isascii() or not _IS_UNSEEN.search(text))


def _escape(character: str) -> str:
    code = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _meant(match: re.Match[str]) -> str:
    name, *codes = match.groups()
    return _NAMES[name] if name else chr(int(next(filter(None, codes)), 16))
