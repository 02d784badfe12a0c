"""`verify`: what is claimed, put to the proof from outside."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import shlex
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from scratchtui.cli import verdicts
from scratchtui.cli.verdicts import WordsVerdicts
from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.claim import Claim
from scratchtui.training.proof import Outcome, Proof
from tests.cli.conftest import Command, process
from tests.terminal.terminal import PATIENCE, Terminal

QUICK = Claim(
    "quick", "four bits become 8, 4, 2, 1", ("max_weight_error<1e-6",), ({"bits": "4"},), most_seeds=3
)
IMPOSSIBLE = Claim(
    "impossible", "an error below none", ("max_weight_error<0", "loss<1"), ({"bits": "4"},), most_seeds=10
)
DIVERGING = Claim(
    "diverging",
    "a rate too large does",
    ("loss<1",),
    ({"data": "all +5=6", "learning_rate": "1"},),
    most_seeds=2,
)
ENDLESS = ("verify", "binary", "--seeds", "100")
needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc")


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> list[Claim]:
    """What binary claims, to be filled in."""
    mine: list[Claim] = []
    monkeypatch.setattr(Binary, "claims", mine)
    return mine


def test_every_claim_of_binary_holds_a_line_each(scratchtui_: Command) -> None:
    result = scratchtui_("verify", "binary", "--seeds", "2")
    assert result.code == 0
    head, *rows = result.out.splitlines()
    assert head.split() == ["claim", "held", "steps", "seconds", "worst", "in", "words"]
    assert [row.split("  ")[:2] for row in rows] == [
        ["PASS", f"binary {claim.name}"] for claim in Binary.claims
    ]
    assert [re.findall(r"  (\d+/\d+)  ", row) for row in rows] == [["2/2"], ["4/4"], ["3/3"], ["2/2"]]
    assert all(row.endswith(claim.words) for row, claim in zip(rows, Binary.claims, strict=True))
    assert re.fullmatch(r"4 of 4 claims hold \(\d+\.\d s, \d+ processes\)\n", result.err)


def test_json_is_an_object_a_claim_and_a_summary(scratchtui_: Command, claims: list[Claim]) -> None:
    claims += [QUICK, IMPOSSIBLE]
    result = scratchtui_("verify", "--json", "--seeds", "5", "binary", "binary")
    quick, impossible, done = result.events
    assert (result.code, result.err) == (1, "")
    seconds = quick.pop("seconds")
    assert 0 < quick["worst"].pop("max_weight_error<1e-6") < 1e-6
    assert quick == {
        "event": "claim", "experiment": "binary", "claim": "quick", "words": QUICK.words, "passed": True,
        "held": 3, "tried": 3, "share": 1.0, "worst": {}, "median_steps": quick["median_steps"],
        "failed_seeds": [],
    }  # fmt: skip
    assert 10 < quick["median_steps"] < 1000
    assert (impossible["passed"], impossible["held"], impossible["tried"]) == (False, 0, 5)
    assert impossible["failed_seeds"] == [0, 1, 2, 3, 4]
    assert list(impossible["worst"]) == list(IMPOSSIBLE.holds)
    assert done.pop("seconds") > 0 < seconds
    assert done == {
        "event": "done", "passed": False, "claims": 2, "decided": 2, "failed": 1, "reason": "decided",
    }  # fmt: skip


def test_a_claim_that_does_not_hold_fails_and_the_others_are_tried_nonetheless(
    scratchtui_: Command, claims: list[Claim]
) -> None:
    claims += [IMPOSSIBLE, QUICK]
    result = scratchtui_("verify", "binary")
    assert result.code == 1
    assert [row.split()[0] for row in result.out.splitlines()[1:]] == ["FAIL", "PASS"]
    first, last = result.err.splitlines()
    assert first.startswith(
        "scratchtui: binary impossible: does not hold with seed 0, 1, 2, 3, 4, 5, 6, 7, ...; max_weight"
        "_error "
    )
    assert last.startswith("1 of 2 claims hold ")


def test_the_command_that_is_shown_shows_the_failure(scratchtui_: Command, claims: list[Claim]) -> None:
    claims.append(DIVERGING)
    result = scratchtui_("verify", "binary")
    why, shown = re.findall(r"seed 0, 1; (diverged .*); see scratchtui (.*)", result.err)[0]
    again = scratchtui_(*shlex.split(shown))
    assert (result.code, again.code) == (1, 1)
    assert f"scratchtui: {why}\n" in again.err


def test_a_claim_may_allow_for_some_seeds(scratchtui_: Command, claims: list[Claim]) -> None:
    needs_luck = Claim("luck", "", ("loss<2960",), steps=2, share=0.3)
    claims.append(needs_luck)
    result = scratchtui_("verify", "binary", "--json")
    claim, done = result.events
    assert 0 < claim["held"] < claim["tried"] == 20
    assert (result.code, claim["passed"], done["passed"]) == (0, True, True)


def test_an_experiment_without_claims_is_no_failure(scratchtui_: Command, claims: list[Claim]) -> None:
    result = scratchtui_("verify", "binary")
    assert (result.code, claims) == (0, [])
    assert result.err.startswith("0 of 0 claims hold")


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (
            200,
            "PASS  binary luck      3/3        7      1.5  loss 9.99999e-07, max_weight_error 0.25     words",
        ),
        (90, "PASS  binary luck      3/3        7      1.5  loss 9.99999e-07, max_weight_error 0.25"),
        (60, "PASS  binary luck      3/3        7      1.5  9.99999e-07  0.25"),
    ],
)
def test_where_lines_would_be_wrapped_words_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    claims: list[Claim],
    columns: int,
    shown: str,
) -> None:
    claims.append(Claim("luck", "words", ("loss<1e-6", "max_weight_error<1"), most_seeds=3))
    monkeypatch.setattr(verdicts, "_fits", lambda width: width <= columns)
    proof = Proof(["binary"], 3)
    report = WordsVerdicts(proof, 2)
    for place in range(3):
        proof.take(place, Outcome(held=True, measured=(9.99999e-7, 0.25), steps=7, seconds=0.5))
    for verdict in proof.verdicts():
        report.verdict(verdict)
    report.end(interrupted=False)
    head, row = capsys.readouterr().out.splitlines()
    assert row == shown
    assert [row.find("PASS"), row.find("binary"), row.find("3/3") + 3] == [
        0, head.find("claim"), head.find("held") + 4,
    ]  # fmt: skip


def marked(mark: str) -> set[str]:
    """Return the processes that have a word in their environment."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in entry.read_bytes():
                found.add(entry.parent.name)
        except OSError:
            continue  # it ended, or is not ours
    return found


@needs_proc
def test_a_signal_ends_it_in_order_and_leaves_no_process() -> None:
    mark = f"SCRATCHTUI_TEST_{os.getpid()}_TERM"
    with process(*ENDLESS, "--json", environment={mark: "1"}) as program:
        assert program.stdout is not None
        first = json.loads(program.stdout.readline())
        program.send_signal(signal.SIGTERM)
        out, err = program.communicate(timeout=PATIENCE)
    done = json.loads(out.splitlines()[-1])
    assert (program.returncode, err) == (128 + signal.SIGTERM, b"")
    assert (first["event"], done["event"], done["reason"]) == ("claim", "done", "interrupted")
    assert not done["passed"]
    assert done["decided"] < done["claims"]
    assert marked(mark) == set()


@needs_proc
@pytest.mark.parametrize("moment", ["claim", "PASS"])
def test_ctrl_c_in_a_terminal_ends_it_with_a_word(moment: str) -> None:
    with Terminal(*ENDLESS) as terminal:
        terminal.wait_for(moment)
        terminal.type("\x03")
        assert terminal.wait_for_exit() == 130
        assert re.search(r"scratchtui: interrupted with [0-3] of 4 claims decided", terminal.text)
        assert "Traceback" not in terminal.text
        assert b" of 4 decided  [" in terminal.output
        assert terminal.processes() == set()


@needs_proc
def test_no_process_outlives_one_that_is_killed() -> None:
    mark = f"SCRATCHTUI_TEST_{os.getpid()}_KILL"
    with process(*ENDLESS, environment={mark: "1"}) as program:
        assert program.stdout is not None
        assert b"claim" in program.stdout.readline()
        assert b"PASS" in program.stdout.readline()
        assert len(marked(mark)) > 1
        program.kill()
        program.communicate(timeout=PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while marked(mark):
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_bar_is_drawn_on_a_terminal_and_not_among_the_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], claims: list[Claim]
) -> None:
    claims += [QUICK, QUICK]
    screen = Screen()
    monkeypatch.setattr(verdicts, "sys", SimpleNamespace(stdout=None, stderr=screen))
    monkeypatch.setattr(verdicts, "monotonic", itertools.count().__next__)
    proof = Proof(["binary"], 3)
    report = WordsVerdicts(proof, 2)
    for place in range(6):
        proof.take(place, Outcome(held=True, measured=(0.25,), steps=7, seconds=0.5))
        for verdict in proof.verdicts():
            report.verdict(verdict)
        report.progress()
    report.end(interrupted=False)
    shares = [int(share) for share in re.findall(r"(\d+)%", screen.getvalue())]
    assert shares == sorted(shares)
    assert len(set(shares)) > 4
    assert "2 of 2 decided" in screen.getvalue().splitlines()[-1]
    assert screen.getvalue().endswith("\x1b[?25h\n")  # the cursor is seen again
    assert screen.getvalue().count("\r\x1b[K") == 2  # the bar is gone from where a line comes
    out = capsys.readouterr().out
    assert "%" not in out
    assert "\x1b" not in out


def test_a_pipe_that_closes_ends_it() -> None:
    with process(*ENDLESS) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.readline()
        program.stdout.close()
        err = program.stderr.read()
    assert (program.returncode, err) == (141, b"")


def test_list_has_every_claim_in_words(scratchtui_: Command) -> None:
    listed = json.loads(scratchtui_("list", "--json").out)
    page = " ".join(scratchtui_("list").out.split())
    for each, kind in zip(listed, EXPERIMENTS.values(), strict=True):
        assert each["claims"] == [{"name": claim.name, "words": claim.words} for claim in kind.claims]
        assert all(f"claim {claim.name!r}: {claim.words}" in page for claim in kind.claims)
