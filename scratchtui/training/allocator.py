"""The memory of large arrays, given back to the system as soon as they are dropped."""

from __future__ import annotations

import ctypes

LARGE = 512 * 1024  # bytes: any less costs the views of many faces a tenth of their time, or more
_M_MMAP_THRESHOLD = -3  # of mallopt(3)


def give_back_large_arrays() -> None:
    """Have arrays of LARGE bytes or more taken from the system, and given back, each by itself.

    glibc does so at first, and no longer with what is smaller than anything that was ever dropped; that stays
    in its heap, full of holes. Of the CNN's tab and its worker that was an eighth. Elsewhere nothing is done.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return
    mallopt(_M_MMAP_THRESHOLD, LARGE)
