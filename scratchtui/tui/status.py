"""What the app says in words: how the run stands, and what is most worth knowing about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from scratchtui.training.messages import UNLIMITED
from scratchtui.tui.keymap import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchtui.training.session import Session

MOST_OF_A_VALUE = 20  # characters, so that what it needs is seen
WORTH_READING = 24  # characters of a part that is cut: a number is never that long

Mood = Literal["quiet", "good", "attention", "bad"]
BETWEEN = " · "  # parts of a sentence
KEYS = DEFAULT.shown()
MOODS: dict[str, Mood] = {
    "failed": "bad",
    "diverged": "bad",
    "silent": "bad",
    "running": "good",
    "reached": "good",
}


class Sentence(NamedTuple):
    """A line of words and how it should look.

    Where it is too long, long parts become shorter, and the last ones go. There may be `more` to say of the
    same kind.
    """

    words: str
    mood: Mood
    more: tuple[str, ...] = ()

    def fitted(self, width: int, help_key: str = "?") -> str:
        """Return the parts that fit, and as much of what else there is to say, the rest counted."""
        for shown in range(len(self.more), -1, -1):
            left = len(self.more) - shown
            tail = BETWEEN + f"{help_key} tells {left} more" if left else ""
            words = BETWEEN.join([self.words, *self.more[:shown]]) + tail
            if len(words) <= width:
                return words
        return _cut(self.words.split(BETWEEN), width - len(tail)) + tail


def _cut(parts: list[str], width: int) -> str:
    """Return parts that are too long for so many cells, as much of each as can be read, the first most."""
    from scratchtui.tui.ink import clipped  # which needs numpy, and the first paint is before that

    while len(parts) > 1 and (excess := len(BETWEEN.join(parts)) - width) > 0:
        longest = max(range(1, len(parts)), key=lambda place: len(parts[place]))
        if len(parts[longest]) > WORTH_READING:
            parts[longest] = clipped(parts[longest], max(WORTH_READING, len(parts[longest]) - excess))
        else:
            parts.pop()
    return clipped(BETWEEN.join(parts), width)


def standing(session: Session, keys: Mapping[str, str] = KEYS) -> Sentence:
    """Return how the run stands, and what goes on from there: `keys` are those of actions."""
    state, loss = session.state, f"loss {session.experiment.loss:.3g}"
    grows = state == "running" and session.run.losses.growing
    mood: Mood = "bad" if grows else MOODS.get(state, "attention")
    return Sentence(BETWEEN.join(_standing(session, keys, loss)), mood)


def _standing(session: Session, keys: Mapping[str, str], loss: str) -> list[str]:
    """Return the parts of the sentence that says how the run stands."""
    state, last = session.state, f"of {session.run.latest.step:,}"
    step = f"step {session.experiment.steps:,}"
    why = session.course.halt.reason if session.course.halt else ""
    match state:
        case "failed":
            return [f"stopped at {step}: {session.link.failure}"]
        case "diverged":
            return [why]
        case "finding":
            return [f"finding step {session.sought or 0:,} {last}", f"{session.looking.share:.0%} of the way"]
        case "ready":
            return ["ready", session.headline(), _begins(keys)]
        case "past":
            told = [loss] * (session.experiment.steps > 0)  # before the first step there is none
            return [f"looking back at {step} {last}", *told, session.headline()]
    silent = f"no answer for {session.link.silence.seconds} s"
    begins = {"stopped": f"stopped: {why}", "silent": silent}.get(state, state)
    if state == "running" and session.run.losses.growing:
        begins = "running, loss grows"
    words = [begins, *([loss, session.headline()] if session.experiment.steps else ())]
    if not begins.endswith(f" at {step}"):
        words.insert(1, step)
    if state == "reached" and session.forecast.step is not None:
        words.append(f"forecast {session.forecast.words.replace('step ', '')}")
    return words


def outlook(session: Session, keys: Mapping[str, str] = KEYS) -> Sentence:
    """Return what is most worth knowing: a warning, a setting that waits, the data's flaw, the forecast."""
    if session.pending:
        return Sentence(f"{_waiting(session)} a new network: enter resets, esc keeps this one", "attention")
    if session.state in {"past", "finding"}:
        return Sentence(_away(session, keys), "quiet")
    if session.state in {"diverged", "failed", "silent"}:
        return Sentence(_mending(session, keys), "attention")
    stops = f"stops when {_stops(session)}" if session.course.stops else ""
    if warned := warnings(session):
        if stops:
            warned.insert(0, Sentence(stops, "attention"))
        first, *others = warned
        return first._replace(more=tuple(other.words for other in others))
    expected = _expectation(session, keys)
    if stops:
        return Sentence(f"{stops}{BETWEEN}{expected}", "quiet")
    return Sentence(expected, "quiet")


def _away(session: Session, keys: Mapping[str, str]) -> str:
    """Return what can be done at a moment of the past, or until it has been found."""
    if session.state == "finding":
        return f"steps since the nearest snapshot are taken again; {keys['last_step']} leads to the newest"
    walk = f"{keys['step_back']} back{BETWEEN}{keys['step']} on"
    if _has_diverged(session):
        words = (
            f"{keys['last_step']} leads to the last finite step",
            walk,
            f"{keys['run_or_pause']} goes on",
        )
    else:
        goes_on = f"{keys['run_or_pause']} or a change goes on from here"
        words = (f"{keys['last_step']} leads to the newest", walk, goes_on)
    return BETWEEN.join(words)


def _mending(session: Session, keys: Mapping[str, str]) -> str:
    """Return what can be done about a run that has not stopped of its own accord."""
    if session.state == "silent":
        what = "the training process hangs or is slow"
        return f"{what}: {keys['run_or_pause']} starts it again from here"
    if session.state == "failed":
        again = f"{keys['run_or_pause']} starts it again from there"
        return f"{again}, {keys['reset']} begins anew; the log tells more"
    again = f"{keys['reset']} begins again{_rather(session)}"
    return BETWEEN.join(("last finite step", again, f"{keys['step_back']} back"))


def _has_diverged(session: Session) -> bool:
    return session.course.halt is not None and session.course.halt.kind == "diverged"


def warnings(session: Session) -> list[Sentence]:
    """Return all that settings and data give cause to say, the gravest first."""
    settings = [
        (session.kind_of(key), remark.text)
        for key, remark in session.experiment.remarks().items()
        if remark.warning
    ]
    return [
        *(Sentence(f"{h.label} {h.format(session.value(h.key))} {words}", "bad") for h, words in settings),
        *(Sentence(notice, "attention") for notice in session.experiment.notices()),
    ]


def _stops(session: Session) -> str:
    """Return the conditions that are waited for, and which of them cannot come true here."""
    experiment = session.experiment
    return " or ".join(
        str(stop) + ("" if stop.possible(experiment) else " (there is none here)")
        for stop in session.course.stops
    )


def _expectation(session: Session, keys: Mapping[str, str]) -> str:
    """Return the goal and when it was or will be reached; the question, where that cannot be told."""
    goal, forecast = session.experiment.goal_words(), session.forecast
    if session.course.reached_at is not None:
        what = (
            "training goes on beyond it" if session.running else f"{keys['run_or_pause']} goes on beyond it"
        )
        return f"{goal} since step {session.course.reached_at:,}: {what}"
    if forecast.step is not None:
        return f"forecast: {goal} at {forecast.words}"
    return f"no forecast: {forecast.reason}" if forecast.reason else session.kind.question


def _rather(session: Session) -> str:
    """Return what to change before a diverged run begins again, if it would diverge again."""
    remarks = session.experiment.remarks().items()
    return next((f"; first change {session.kind_of(key).label}" for key, r in remarks if r.warning), "")


def _waiting(session: Session) -> str:
    if len(session.pending) > 1:
        return f"{len(session.pending)} changes need"
    (key, value), *_ = session.pending.items()
    h = session.kind_of(key)
    words = h.format(value)
    if len(words) > MOST_OF_A_VALUE:
        words = f"{words[: MOST_OF_A_VALUE - 1]}…"
    return f"{h.label} → {words} needs"


def _begins(keys: Mapping[str, str]) -> str:
    return f"{keys['run_or_pause']} runs, {keys['step']} takes one step"


def how_to_begin(session: Session, keys: Mapping[str, str]) -> str:
    """Return what the first step takes: a key, or only time."""
    if session.running:
        return f"running at {pace(session.course.speed)}"
    return _begins(keys)


def prompt(session: Session, keys: Mapping[str, str]) -> str:
    """Return what is typed into the network, and what it makes of it."""
    asked, text = f"{session.kind.prompt} › ", session.probe.text
    if not text:
        return f"{asked}{keys['ask']} to type"
    try:
        return asked + session.experiment.prompted(session.probe)
    except ValueError as refusal:
        return asked + str(refusal)


def pace(speed: float) -> str:
    """Return a speed in few characters."""
    return "max" if speed == UNLIMITED else f"{speed:,.0f}/s"
