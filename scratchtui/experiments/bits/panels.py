"""The panels of the binary experiment."""

from __future__ import annotations

from scratchtui.experiments.panel import EditKey, Panel

PANELS = (
    Panel("weights", "weights", "side", "table",
          "Each weight, its target, which is what the rows say it should be, and the error,\n"
          "weight - target: + is too much. max|w-2^k| below is the largest error, the sign left\n"
          "away (max_weight_error on the command line). Where the targets are no powers of 2 it\n"
          "is max|w-place|, place being what a bit is worth in the code, or max|w-w*|, w* being\n"
          "the least-squares solution. A marked row is a bit that the data never sets, or sets\n"
          "only together with others: no gradient tells its weight what to be.", weights=True),
    Panel("heatmap", "heatmap", "side", "matrix",
          "Weight, target and error (weight - target) of every bit. Colour is the logarithm of the\n"
          "size: blue below zero, orange above. Arrows move to a cell; its number stands below.",
          weights=True),
    Panel("paths", "paths, log2", "stage", "curves",
          "log2 of the size of every weight over the steps. Learnt weights that are powers of two,\n"
          "as all are unless the code is BCD or Gray, land on 0, 1, 2, .... Names are targets."),
    Panel("rows", "rows", "stage", "table",
          "What it learns from: each row's number, bits and label, what the network says, and the\n"
          "error, says - label: + is too much.\n"
          "`a` adds a row (a number, or bits; 5=6 gives it a label of your own), `d` deletes\n"
          "the row under the cursor. Of very many rows the worst are shown, and your own. The row\n"
          "decoded last is marked. Training goes on with every change.",
          edits=(
              EditKey("a,insert", "a", "add", "add a row", "add a row", "type",
                      "a number, or bits; 5=6 gives it another label", on="panel"),
              EditKey("d,delete", "d", "remove", "delete the row under the cursor", "delete it"),
          ),
          follows=True),
)  # fmt: skip
