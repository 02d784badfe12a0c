"""Where a picture of pixels stands, how large its pixels are, and where the words about it have room."""

from __future__ import annotations

from dataclasses import dataclass, replace

SIZES = ((8, 4), (6, 3), (4, 2), (2, 1))  # columns and rows of a pixel: about square
LEAST_WORDS = 22  # columns in which bars are worth looking at
TIGHT_WORDS = 10  # columns in which a name and its percent have room
MOST_WORDS = 44
GAP = 3  # between picture and words


@dataclass(frozen=True)
class Easel:
    """Sizes in characters: of a pixel, and of the words beside or below the picture.

    `rows` and `columns` are the pixels that are seen. `left` and `top` are where the first of them
    stands, within the frame, if there is one. `words` is a rectangle: left, top, width, height.
    """

    wide: int
    tall: int
    rows: int
    columns: int
    framed: bool
    beside: bool
    left: int = 0
    top: int = 0
    words: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def width(self) -> int:
        """The columns of the picture, its frame included."""
        return self.columns * self.wide + 2 * self.framed

    @property
    def height(self) -> int:
        """The rows of the picture, its frame included."""
        return self.rows * self.tall + 2 * self.framed

    def pixel(self, x: int, y: int) -> tuple[int, int] | None:
        """Return row and column, among those that are seen, of the pixel at a character; None beside it."""
        row, column = (y - self.top) // self.tall, (x - self.left) // self.wide
        return (row, column) if 0 <= row < self.rows and 0 <= column < self.columns else None


def set_up(shape: tuple[int, int], needed: int, size: tuple[int, int]) -> Easel:
    """Return the easel with the largest pixels of which all of a picture of `shape` is seen.

    `needed` is how many lines of words must be seen with it, `size` the width and height that there are.
    Where the picture does not fit even so, as much of it as does is seen, with words if they fit beside.
    """
    for wide, tall in SIZES:
        for framed in (True, False):
            for beside in (True, False):
                easel = _placed(Easel(wide, tall, *shape, framed, beside), needed, size, LEAST_WORDS)
                if easel is not None:
                    return easel
    wide, tall = min(SIZES[-1][0], size[0]), SIZES[-1][1]
    rows, columns = min(shape[0], size[1]), min(shape[1], size[0] // wide)
    seen = Easel(wide, tall, rows, columns, framed=False, beside=True)
    return _placed(seen, 0, size, TIGHT_WORDS) or _placed(replace(seen, beside=False), 0, size, 0) or seen


def _placed(easel: Easel, needed: int, size: tuple[int, int], least: int) -> Easel | None:
    """Return the easel in the middle of what there is, with its words; None where it does not fit."""
    spare, below = size[0] - easel.width, size[1] - easel.height
    if spare < 0 or below < 0:
        return None
    frame = int(easel.framed)
    if easel.beside:
        gap = GAP if spare >= least + GAP else 1
        width = min(spare - gap, MOST_WORDS)
        left, top = (spare - gap - width) // 2, below // 2
        words = (left + easel.width + gap, top, width, easel.height)
        if not frame:
            words = (words[0], 0, width, size[1])
    else:
        left, top = spare // 2, 0
        words = (0, easel.height, size[0], below)
    if words[2] < least or words[3] < needed:
        return None
    return replace(easel, left=left + frame, top=top + frame, words=words)
