"""What the app says in words: how the run stands, and what is most worth knowing about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from scratchtui.training.messages import UNLIMITED

if TYPE_CHECKING:
    from scratchtui.training.session import Session

Mood = Literal["quiet", "good", "attention", "bad"]


class Sentence(NamedTuple):
    """A line of words and how it should look."""

    words: str
    mood: Mood


def standing(session: Session) -> Sentence:
    """Return how the run stands."""
    experiment = session.experiment
    figures = f"step {experiment.steps:,}"
    if experiment.steps:
        figures += f" · loss {experiment.loss:.3g} · {experiment.headline()}"
    match session.state:
        case "failed":
            where = f"stopped at step {experiment.steps:,}"
            return Sentence(f"{where}: {session.failure} · space goes on, r resets", "bad")
        case "diverged":
            return Sentence(session.halt.reason if session.halt else "diverged", "bad")
        case "reached":
            forecast = session.forecast.step
            outcome = f" · forecast {forecast:,}" if forecast is not None else ""
            return Sentence(f"reached · {figures}{outcome}", "good")
        case "running":
            return Sentence(f"running · {figures}", "good")
        case "paused":
            return Sentence(f"paused · {figures}", "attention")
        case _:
            return Sentence(f"ready · {experiment.headline()} · space runs, . takes one step", "attention")


def outlook(session: Session) -> Sentence:
    """Return what is most worth knowing: a warning, a setting that waits, the data's flaw, the forecast."""
    if session.pending:
        return Sentence(f"{_waiting(session)} a new network: enter resets, esc keeps this one", "attention")
    if session.state == "diverged":
        return Sentence("lower the learning rate, then r begins again with the same seed", "attention")
    for key, remark in session.experiment.remarks().items():
        if remark.warning:
            h = session.kind_of(key)
            return Sentence(f"{h.label} {h.format(session.value(key))} {remark.text}", "bad")
    if notice := session.experiment.notice():
        return Sentence(notice, "attention")
    forecast = session.forecast
    if forecast.step is not None:
        return Sentence(f"forecast: {session.experiment.goal_words()} at step {forecast.step:,}", "quiet")
    return Sentence(f"no forecast: {forecast.reason}" if forecast.reason else session.kind.question, "quiet")


def _waiting(session: Session) -> str:
    if len(session.pending) > 1:
        return f"{len(session.pending)} changes need"
    (key, value), *_ = session.pending.items()
    h = session.kind_of(key)
    return f"{h.label} → {h.format(value)} needs"


def pace(speed: float) -> str:
    """Return a speed in few characters."""
    return "max" if speed == UNLIMITED else f"{speed:,.0f}/s"
