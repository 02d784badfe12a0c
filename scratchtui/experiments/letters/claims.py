"""What is claimed of the RNN."""

from __future__ import annotations

from scratchtui.experiments.claim import Claim
from scratchtui.experiments.letters.text import TWO_HUNDRED, WORDS

CLAIMS = (
    Claim("hello", "hello is written from h, fed by its own output", ("accuracy>0.9999",)),
    Claim("one unit", "one hidden unit is enough for it", ("accuracy>0.9999",),
          ({"hidden": "1", "learning_rate": "0.03"},)),
    Claim("words", "so is any word of up to twenty characters", ("accuracy>0.9999",),
          tuple({"text": word} for word in WORDS)),
    Claim("text", "200 characters are written without a mistake", ("accuracy>0.9999",),
          ({"text": TWO_HUNDRED, "hidden": "100", "learning_rate": "0.003"},), most_seeds=20),
)  # fmt: skip
