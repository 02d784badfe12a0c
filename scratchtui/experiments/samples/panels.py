"""The panels of the neural net: what each shows, and the keys that edit the rows."""

from __future__ import annotations

from scratchtui.experiments.panel import EditKey, Panel

PANELS = (
    Panel("rows", "rows", "side", "table",
          "What it learns from, and what it says to each row. In a truth table the arrows choose a\n"
          "bit or a target, and `enter` flips it; of a point it flips the class. `a` adds a row, `d`\n"
          "deletes it, `{undo}` takes that back. A table that is pasted is added: a line a row, its\n"
          "numbers, and last its target. Rows that contradict one another are marked with !. The\n"
          "activations panel shows the row under the cursor.",
          edits=(
              EditKey("enter", "enter", "flip", "flip the bit, target or class under the cursor",
                      "flip it"),
              EditKey("a,insert", "a", "add", "add a row", "add a row", "type",
                      "bits=target such as 10=1, or a point x,y=class", on="panel"),
              EditKey("d,delete", "d", "remove", "delete the row under the cursor", "delete it"),
              EditKey("v", "v", "paste", "add the rows in the clipboard; or paste them", how="paste",
                      on="panel"),
          ),
          follows=True),
    Panel("surface", "surface", "stage", "surface",
          "What it says all over the plane of its two inputs, blue for 0 and orange for 1, and the\n"
          "data on it. Arrows move a cursor that reads the value, -1 to 1, at a place."),
    Panel("units", "units", "stage", "gallery",
          "The same plane as each hidden unit sees it, and the data on it. In the first layer each\n"
          "draws one straight edge; what comes after puts edges together."),
    Panel("weights", "weights", "stage", "gallery",
          "The weights of each layer. A row is a unit: a weight for each of its inputs, and last its\n"
          "bias. Blue is below zero, orange above.", weights=True),
    Panel("activations", "activations", "stage", "gallery",
          "What every unit makes of one input: the row under the cursor in the rows panel, or what\n"
          "was typed at the prompt."),
)  # fmt: skip
