"""The panels of the RNN: what each shows, and the keys that hold units."""

from __future__ import annotations

from scratchtui.experiments.panel import EditKey, Panel

HOLDING = (
    EditKey("0", "0", "silence", "hold the unit under the cursor at 0", "silence"),
    EditKey("enter", "enter", "hold", "hold it at a value from -1 to 1", "hold at", "type",
            "-1 to 1"),
    EditKey("backspace,delete", "bksp", "release", "let it go", "let go"),
    EditKey("x", "x", "release_all", "let all units go"),
)  # fmt: skip

PANELS = (
    Panel("word", "word", "stage", "table",
          "Each time step: what has been read, which character comes next and how likely the network\n"
          "holds it, then what it says itself, likeliest first. A marked row is said wrong. The note is\n"
          "what it writes when each character that it says is fed back to it. Arrows choose the time step\n"
          "that the other panels show.",
          follows=True),
    Panel("probabilities", "softmax", "stage", "matrix",
          "How likely each character is (rows) after each one that is read (columns): the softmax of the\n"
          "logits. * marks the character that comes. Of a long text it shows the steps around the one\n"
          "chosen in the word."),
    Panel("writes", "writes", "stage", "prose",
          "What the network writes from the first character on, each of its own characters fed back to\n"
          "it: always the likeliest, and drawn by chance at the temperature. [Brackets] hold what is not\n"
          "as in the text. Type a beginning of your own at the prompt, /."),
    Panel("reach", "reach", "stage", "matrix",
          "How far back the gradient reaches: |dL/dh| of the loss at one time step (rows, named by what\n"
          "should come) by the hidden state at each step before it (columns). Logarithmic: where a row\n"
          "fades to the left, nothing is learnt from so far back. Empty where a window begins."),
    Panel("memory", "memory", "stage", "matrix",
          "The hidden state, from -1 to 1: every unit after every character that is read. A short word is\n"
          "read from above to below, a longer one from left to right. = marks a unit that is held."),
    Panel("twins", "twins", "side", "table",
          "One character twice, with different ones behind it: only memory can tell what comes next.\n"
          "Each unit after the one and after the other, and how far the difference moves the balance\n"
          "of the two answers, as logits. The units that do most come first; the note is the balance at\n"
          "the one place and at the other, which all units move together. `0` silences the unit under the\n"
          "cursor, to see the word without it; enter and backspace as in the units.",
          edits=HOLDING),
    Panel("units", "units", "side", "table",
          "The hidden units after the time step chosen in the word. `0` silences the one under the\n"
          "cursor, enter holds it at a value of your choice, backspace lets it go. All that is said and\n"
          "written is then said and written with it held; learning is not touched.",
          edits=HOLDING),
    Panel("weights", "weights", "side", "gallery",
          "Wx: what each character adds to each unit. Wh: what each unit (rows) adds to each a step later\n"
          "(columns), the memory itself. W: what each unit says for each character. b and c: the biases.",
          weights=True),
)  # fmt: skip
