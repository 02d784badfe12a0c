"""A pipe to a process that may stand still."""

from __future__ import annotations

import os
import pickle
import select
import struct
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

import pytest

from scratchtui.training.bell import Bell
from scratchtui.training.mailbox import Mailbox
from tests.training.stand_ins import PATIENCE, no_memory

LARGE = b"x" * 2**23  # bytes, more than any pipe takes


class TooLarge:
    """Is made again only where there is more memory than anybody has."""

    def __reduce__(self) -> tuple[Any, ...]:
        return no_memory, ()


@pytest.fixture
def bell() -> Iterator[Bell]:
    bell = Bell()
    yield bell
    bell.close()


@pytest.fixture
def ends(bell: Bell) -> Iterator[tuple[Mailbox[Any, Any], Connection]]:
    ours, theirs = Pipe()
    mailbox: Mailbox[Any, Any] = Mailbox(ours, bell)
    yield mailbox, theirs
    theirs.close()
    mailbox.close()


def heard(mailbox: Mailbox[Any, Any], bell: Bell) -> list[Any]:
    """Wait for something, and return it."""
    assert select.select([bell.fileno], [], [], PATIENCE)[0]
    return list(mailbox.received())


def test_messages_arrive_in_their_order_both_ways(
    ends: tuple[Mailbox[Any, Any], Connection], bell: Bell
) -> None:
    mailbox, theirs = ends
    for number in range(100):
        mailbox.send(number)
    assert [theirs.recv() for _ in range(100)] == list(range(100))
    for number in range(100):
        theirs.send(number)
    came: list[int] = []
    while len(came) < 100:
        came += heard(mailbox, bell)
    assert came == list(range(100))
    assert not select.select([bell.fileno], [], [], 0)[0]


def test_who_does_not_read_holds_up_nobody(ends: tuple[Mailbox[Any, Any], Connection], bell: Bell) -> None:
    mailbox, theirs = ends
    for _ in range(3):
        mailbox.send(LARGE)
    theirs.send("still heard")
    assert heard(mailbox, bell) == ["still heard"]
    assert [len(theirs.recv()) for _ in range(3)] == [len(LARGE)] * 3


def test_a_message_is_sent_as_it_was(ends: tuple[Mailbox[Any, Any], Connection], bell: Bell) -> None:
    mailbox, theirs = ends
    mailbox.send(LARGE)  # which the others wait for
    changed = [1]
    mailbox.send(changed)
    changed.append(2)
    assert theirs.recv() == LARGE
    assert theirs.recv() == [1]


def test_half_a_message_holds_up_nobody(ends: tuple[Mailbox[Any, Any], Connection], bell: Bell) -> None:
    mailbox, theirs = ends
    whole = pickle.dumps("whole")
    message = struct.pack("!i", len(whole)) + whole
    os.write(theirs.fileno(), message[:7])
    assert list(mailbox.received()) == []
    os.write(theirs.fileno(), message[7:])
    assert heard(mailbox, bell) == ["whole"]


@pytest.mark.parametrize(
    ("message", "why"),
    [(b"no pickle", "UnpicklingError: "), (pickle.dumps(TooLarge()), "MemoryError")],
    ids=["no pickle", "no memory"],
)
def test_what_cannot_be_read_is_an_end_in_words_and_no_failed_thread(
    ends: tuple[Mailbox[Any, Any], Connection], bell: Bell, message: bytes, why: str
) -> None:
    mailbox, theirs = ends
    theirs.send("last")
    theirs.send_bytes(message)
    mailbox._threads[1].join(PATIENCE)
    assert not mailbox._threads[1].is_alive()
    assert select.select([bell.fileno], [], [], 0)[0]
    came = mailbox.received()
    assert next(came) == "last"
    with pytest.raises(EOFError, match=why):
        next(came)


@pytest.mark.parametrize("half", [b"", b"\x00\x00\x00\x09half"], ids=["between messages", "amid one"])
def test_an_end_is_told_after_what_came_before_it(half: bytes, bell: Bell) -> None:
    ours, theirs = Pipe()
    mailbox: Mailbox[Any, Any] = Mailbox(ours, bell)
    mailbox.send(LARGE)  # which is never read
    theirs.send("last")
    os.write(theirs.fileno(), half)
    theirs.close()
    mailbox._threads[1].join(PATIENCE)  # until all has come
    came = mailbox.received()
    assert next(came) == "last"
    with pytest.raises(EOFError):
        next(came)
    mailbox.close()
