"""What the user is asked for in a line, and what the answer does to the session.

An answer that cannot be taken raises ValueError in one sentence.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scratchtui.training.spelling import read
from scratchtui.training.texts import path_of, read_text, told, write_text
from scratchtui.training.until import BETWEEN, examples
from scratchtui.tui.pasting import in_one_line
from scratchtui.tui.widgets.line_editor import Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchtui.experiments.panel import Edit, EditKey
    from scratchtui.training.session import Session


def stop(session: Session) -> Question:
    """Ask where training is to stop."""
    text = f"{BETWEEN} ".join(each.text for each in session.course.stops)
    return Question("stop when", text, examples(session.experiment), session.stop_when)


def prompt(session: Session) -> Question:
    """Ask for an input for the network, of an experiment that takes one."""

    def answer(text: str) -> str:
        return session.experiment.prompted(replace(session.probe, text=text))

    def submit(text: str) -> None:
        if text.strip():
            answer(text)
        session.probe = replace(session.probe, text=text.strip())

    verbatim = any(h.verbatim for h in session.kind.hyperparameters)
    return Question(session.kind.prompt, session.probe.text, "", submit, answer, verbatim=verbatim)


def value(session: Session, key: str) -> Question:
    """Ask for the value of a hyperparameter."""
    h = session.kind_of(key)

    def submit(text: str) -> None:
        session.set_value(key, read(session.kind, key, text))

    return Question(h.label, h.format(session.value(key)), h.range, submit, verbatim=h.verbatim)


def pasted(session: Session, text: str) -> Question:
    """Ask for what an experiment is most likely to be given by a paste: the text it learns, or an input."""
    key = next((h.key for h in session.kind.hyperparameters if h.verbatim), "")
    question = value(session, key) if key else prompt(session)
    text = in_one_line(text, verbatim=question.verbatim)
    return replace(question, text=f"\\{text}" if key and text.startswith("@") else text)  # it names no file


def edit(session: Session, panel: str, edit: Edit, key: EditKey, tell: Callable[[str], None]) -> Question:
    """Ask for what an edit needs more than its key: a text, or a file to read it from or write it to."""

    def typed(text: str) -> None:
        session.edit(panel, replace(edit, text=text))

    def load(name: str) -> None:
        typed(told(lambda: read_text(path_of(name))))

    def save(name: str) -> None:
        path, text = path_of(name), session.written(panel, edit)
        told(lambda: write_text(path, text))
        tell(f"saved to {path}")

    submit = {"load": load, "save": save}.get(key.how, typed)
    text = session.written(panel, edit) if key.how == "type" else ""
    return Question(key.short or key.help, text, key.hint, submit)
