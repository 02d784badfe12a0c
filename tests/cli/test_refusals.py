"""Bad input: one sentence that names the nearest valid choice, exit code 2, nothing done."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest

from scratchtui import __version__
from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.binary import Binary
from tests.cli.conftest import Command

LONG = "x" * 256
TABS = ", ".join(EXPERIMENTS)
SENTENCES = {
    "trian": "there is no command 'trian'; did you mean 'train'? "
    "(train, predict, show, export, list, verify, gradcheck, info, config, keys)",
    "--colour 256": "there is no option '--colour'; did you mean '--color'?",
    "--color blue": (
        "--color has no choice 'blue'; the nearest is 'truecolor' (auto, truecolor, 256, 16, none)"
    ),
    "--color pink": "--color has no choice 'pink'; the nearest is 'none' (auto, truecolor, 256, 16, none)",
    "--fps 0": "--fps = 0 is outside 1 to 60; the nearest is 1",
    "--fps nan": "--fps = nan is no number; it takes 1 to 60",
    "--tab bynary": f"there is no experiment 'bynary'; did you mean 'binary'? ({TABS})",
    "--no-mose": "there is no option '--no-mose'; did you mean '--no-mouse'?",
    "--no-mouse list": "--no-mouse is an option of the app, not of list",
    "--mouse list": "--mouse is an option of the app, not of list",
    "--open x.npz config show": "--open is an option of the app, not of config",
    "--tab binary list": "--tab is an option of the app, not of list",
    "--open none.npz": "there is no file none.npz",
    "--open damaged.npz": "damaged.npz is damaged, or no run that scratchtui saved",
    "train": "train needs NAME; see scratchtui train --help",
    "train --steps 3": "train needs NAME; see scratchtui train --help",
    "train binry": f"there is no experiment 'binry'; did you mean 'binary'? ({TABS})",
    "train binary more": "train does not take the argument (more)",
    "train binary --step 3": "train has no option '--step'; did you mean '--steps'?",
    "train binary --steps": "--steps needs a value",
    "train binary --steps many": "--steps is a whole number (0 to 1000000000000), not 'many'",
    "train binary --steps 1.5": "--steps is a whole number (0 to 1000000000000), not '1.5'",
    "train binary --steps=-1": "--steps = -1 is outside 0 to 1000000000000; the nearest is 0",
    "train binary --json=yes": "--json takes no value",
    "train binary --set bits": "--set needs KEY=VALUE, such as bits=..., not 'bits'",
    "train binary --set bit=8": "binary has no hyperparameter 'bit'; did you mean 'bits'?",
    "train binary --set lr=1": "binary has no hyperparameter 'lr'; did you mean 'learning_rate'?",
    "train binary --set bits=17": "bits = 17 is outside 1 to 16; the nearest is 16",
    "train binary --set learning_rate=nan": ("learning_rate = nan is no number; it takes 1e-06 to 100"),
    "train binary --set bits=eight": "bits is a whole number (1 to 16), not 'eight'",
    "train binary --set encoding=grey": "encoding has no choice 'grey'; did you mean 'gray'? "
    "(unsigned, twos, bcd, negabinary, gray)",
    "train binary --set bias=maybe": "bias is on or off, not 'maybe'",
    "train binary --set data=orginal": "data has no choice 'orginal'; did you mean 'original'? "
    "(all, original, range:LOW-HIGH, sample:N, none)",
    "train binary --set data=range:0-300": (
        "range:0-300 is not within 0 to 255, what 8 bits of unsigned can spell"
    ),
    "train binary --set data=sample:0": "'sample:0' draws no row; N is 1 or more, such as sample:1",
    "train binary --set data=sample:-1": "'sample:-1' draws no row; N is 1 or more, such as sample:1",
    "train binary --set 'data=none +5=-1e300'": "the label -1e+300 is out of reach; the nearest is -1e+12",
    "train nn --set 'data=xor -1 -1'": "-1: row 1 has been taken away by -1 before it",
    "train binary --set data=none": "no row is left to learn from; add one with +NUMBER",
    "train binary --set data=@none.txt": "cannot use none.txt: no such file or directory",
    "train binary --set data=@": "the name of a file is needed",
    "train binary --set data=@.": ". is no file",
    "train binary --set data=@trained.npz": "trained.npz is no text in UTF-8",
    "train binary --set data=@kept.txt": "data has no choice 'kept'; the nearest is 'none' "
    "(all, original, range:LOW-HIGH, sample:N, none)",
    "train binary --set data=@@kept.txt": "data has no choice '@kept.txt'; the nearest is 'none' "
    "(all, original, range:LOW-HIGH, sample:N, none)",
    "train binary --set encoding=@kept.txt": "encoding has no choice '@kept.txt'; the nearest is 'twos' "
    "(unsigned, twos, bcd, negabinary, gray)",
    "train binary --seed 1 --set seed=2": "the seed is given twice, by --seed and by --set",
    "train binary --until loss": "'loss' is no condition; write METRIC<VALUE, such as loss<0.001",
    "train nn --until 'accuracy>=1'": (
        "'>=' in 'accuracy>=1' is no sign here; write < or >, such as loss<0.001"
    ),
    "train binary --until 'loss == 0'": (
        "'==' in 'loss == 0' is no sign here; write < or >, such as loss<0.001"
    ),
    "train binary --until ''": "'' is no condition; write METRIC<VALUE, such as loss<0.001",
    "train binary --until loss<1_0": "'1_0' in 'loss<1_0' is not a number",
    "train binary --until lose<1": "there is no metric 'lose'; did you mean 'loss'?",
    "train binary --until quiz<1": "there is no metric 'quiz'; the nearest is 'weights[0]' "
    "(loss, max_weight_error, weights[0], targets[0], step)",
    "train binary --until loss<tiny": "'tiny' in 'loss<tiny' is not a number",
    "train binary --until 'loss<1; step=5'": (
        "'loss<1; step=5' is more than one condition; give one, such as loss<0.001"
    ),
    "train binary --until step=1.5": "a step is a whole number, such as step=1000, not '1.5'",
    "train binary --until 'sign 0.Dense.V[0,0]'": (
        "there are no weights '0.Dense.V'; did you mean '0.Dense.W'?"
    ),
    "train binary --until 'weights[8]>1'": "weights has 8 numbers; the last is weights[7]",
    "train rnn --until text=hallo": "'a' is not in the text; it knows e h l o",
    "train rnn --until 'text>hello'": "text is compared by =, such as text=hello",
    "train binary --out kept.txt": "--out kept.txt exists already; choose another name",
    "train binary --out .": "--out . exists already; choose another name",
    "train binary --out nowhere/run.npz": "--out nowhere/run.npz needs the folder nowhere, and there is none",
    "train binary --out kept.txt/a.npz": "--out kept.txt/a.npz needs the folder kept.txt, and there is none",
    f"train binary --out {LONG}": f"--out {LONG} cannot be written: File name too long",
    "train binary --out ''": "--out is empty; it takes the name of a file",
    "train binary --from ''": "--from is empty; it takes the name of a file",
    "--open ''": "--open is empty; it takes the name of a file",
    "train binary --set bits=7 --set bits=8": "bits is set twice; give it once",
    "train binary --set bits=7 --set bits=7": "bits is set twice; give it once",
    "train binary --set learning_rate=1_0": ("learning_rate is a number (1e-06 to 100), not '1_0'"),
    "train binary --from none.npz": "there is no file none.npz",
    "train binary --from damaged.npz": "damaged.npz is damaged, or no run that scratchtui saved",
    "train binary --from kept.txt": "kept.txt is no .npz file, as runs are",
    "train binary --from trained.npz --seed 3": "--seed cannot go with --from: trained.npz has its seed, 7",
    "train binary --from trained.npz --set bits=4": (
        "--set bits needs a new network, so it cannot go with --from"
    ),
    "train binary --from trained.npz --set data=none": "no row is left to learn from; add one with +NUMBER",
    "train binary --from trained.npz --out trained.npz": (
        "--out trained.npz exists already; choose another name"
    ),
    "predict": "predict needs RUN.npz; see scratchtui predict --help",
    "predict trained.npz": "predict needs INPUT...; see scratchtui predict --help",
    "predict '' 1": "RUN.npz is empty; it takes the name of a file",
    "show ''": "RUN.npz is empty; it takes the name of a file",
    "show pipe": "pipe is a pipe or a device, and a run is read from a file",
    "predict none.npz 1": "there is no file none.npz",
    "predict trained.npz 10110010 101": "'101' is not a row of 8 digits 0 and 1, such as 10101010",
    "predict trained.npz 10110012 --json": "'10110012' is not a row of 8 digits 0 and 1, such as 10101010",
    "predict trained.npz -1,0": "'-1,0' is not a row of 8 digits 0 and 1, such as 10101010",
    "predict --jso trained.npz -1": "predict has no option '--jso'; did you mean '--json'?",
    "show": "show needs RUN.npz; see scratchtui show --help",
    "show none.npz": "there is no file none.npz",
    "show .": "cannot use .: is a directory",
    "show damaged.npz": "damaged.npz is damaged, or no run that scratchtui saved",
    "show newer.npz": f"newer.npz was saved by scratchtui 9.9, which is newer than this {__version__}",
    "show trained.npz/run.npz": "there is no file trained.npz/run.npz",
    "show other.npz": "other.npz is an .npz file, but no run that scratchtui saved",
    "list --jso": "list has no option '--jso'; did you mean '--json'?",
    "list -x": "list has no option '-x'; the nearest is '--json' (--json, --help)",
    "verify bynary": f"there is no experiment 'bynary'; did you mean 'binary'? ({TABS})",
    "verify binary --seeds 0": "--seeds = 0 is outside 1 to 1000000; the nearest is 1",
    "verify --seeds few": "--seeds is a whole number (1 to 1000000), not 'few'",
    "verify --seed 3": "verify has no option '--seed'; did you mean '--seeds'?",
    "gradcheck binary bin": f"there is no experiment 'bin'; did you mean 'binary'? ({TABS})",
    "gradcheck --jso": "gradcheck has no option '--jso'; did you mean '--json'?",
    "info now": "info does not take the argument (now)",
}


@pytest.fixture
def files(folder: Path, trained: Path) -> dict[str, bytes]:
    """Files of every kind in the present folder, by name."""
    whole = trained.read_bytes()
    (folder / "trained.npz").write_bytes(whole)
    (folder / "damaged.npz").write_bytes(whole[: len(whole) // 2])
    (folder / "kept.txt").write_text("kept")
    np.savez(folder / "other.npz", x=np.arange(3))
    np.savez(folder / "newer.npz", meta=np.array('{"format": 99, "version": "9.9"}'))
    os.mkfifo(folder / "pipe")
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    """Return what is in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize(("line", "sentence"), SENTENCES.items(), ids=SENTENCES)
def test_bad_input_gets_one_sentence_and_changes_no_file(
    scratchtui_: Command, folder: Path, files: dict[str, bytes], line: str, sentence: str
) -> None:
    result = scratchtui_(*shlex.split(line))
    assert (result.code, result.out) == (2, "")
    assert result.err == f"scratchtui: {sentence}\n"
    assert contents(folder) == files


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder_is_refused_before_training(scratchtui_: Command, folder: Path) -> None:
    folder.chmod(0o500)
    result = scratchtui_("train", "binary", "--out", "run.npz")
    assert (result.code, result.err) == (
        2,
        "scratchtui: --out run.npz cannot be written: Permission denied\n",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is a folder that takes no file on Linux")
def test_a_folder_that_takes_no_file_is_refused_before_training(scratchtui_: Command) -> None:
    result = scratchtui_("train", "binary", "--out", "/proc/run.npz")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("scratchtui: --out /proc/run.npz cannot be written: ")


def test_a_fault_of_ours_is_one_line_without_data(
    scratchtui_: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Binary) -> float:
        raise RuntimeError("out of order")

    monkeypatch.setattr(Binary, "gradient", broken)
    result = scratchtui_("train", "binary", "--quiet")
    assert (result.code, result.out) == (70, "")
    assert result.err.startswith(
        "scratchtui: internal error, a fault of scratchtui and not of yours: RuntimeError: out of order ("
    )
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("place", range(30))
def test_a_run_with_a_flipped_byte_is_read_or_refused(
    scratchtui_: Command, folder: Path, trained: Path, place: int
) -> None:
    damaged = bytearray(trained.read_bytes())
    damaged[place * len(damaged) // 30] ^= 0xFF
    (folder / "flipped.npz").write_bytes(damaged)
    result = scratchtui_("predict", "flipped.npz", "10110010")
    assert result.code in {0, 2}
    assert result.err in {
        "",
        "scratchtui: flipped.npz is a run that scratchtui saved, but damaged\n",
        "scratchtui: flipped.npz is damaged, or no run that scratchtui saved\n",
        "scratchtui: flipped.npz is an .npz file, but no run that scratchtui saved\n",
    }
