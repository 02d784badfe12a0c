"""The panels of the CNN: what each shows, and the keys that draw faces and edit the dataset."""

from __future__ import annotations

from scratchtui.experiments.panel import EditKey, Panel

LABEL_HINT = "smile, neutral or frown"

SKETCH_KEYS = (
    EditKey("m", "m", "mirror", "mirror the face", "mirror"),
    EditKey("H", "H", "left", "move the face to the left; what leaves the grid is lost"),
    EditKey("J", "J", "down", "move the face down"),
    EditKey("K", "K", "up", "move the face up"),
    EditKey("L", "L", "right", "move the face to the right"),
    EditKey("i", "i", "invert", "turn every pixel the other way"),
    EditKey("x", "x", "clear", "clear the face", "clear"),
    EditKey("c", "c", "copy", "copy the face as text", how="copy"),
    EditKey("v", "v", "paste", "paste a face from the clipboard", how="paste"),
    EditKey("f", "f", "load", "load the face in a file; of several, learn from all", how="load",
            hint="the path of a face file"),
    EditKey("w", "w", "save", "write the face to a file", how="save", hint="the path of a new file"),
    EditKey("a", "a", "learn", "label the face and learn from it", "add", "type", LABEL_HINT),
    EditKey("t", "t", "hold_out", "label the face and hold it out, unseen", "hold out", "type",
            LABEL_HINT),
    EditKey("b", "b", "put_back", "put the edited face back in place of the one taken from the faces"),
)  # fmt: skip
GALLERY_KEYS = (
    EditKey("enter", "enter", "take", "take the face under the cursor into the editor", "edit it",
            goes_to="face"),
    EditKey("d,delete", "d", "remove", "delete the face under the cursor", "delete it"),
    EditKey("c", "c", "relabel", "change the label of the face under the cursor", "label", "type",
            LABEL_HINT),
    EditKey("t", "t", "swap", "hold the face under the cursor out, or learn from it again"),
)  # fmt: skip

PANELS = (
    Panel("face", "face", "stage", "canvas",
          "Draw a face: the bars tell at once what the network makes of it as it is now.\n"
          "`space` flips a pixel, `p` draws while you move. `a` labels the face and adds it to those\n"
          "that are learnt from, `t` to the unseen ones. Training goes on with it.",
          edits=SKETCH_KEYS),
    Panel("faces", "faces", "stage", "gallery",
          "The faces, those with the worst answers first; a wrong one is marked, ~ is unseen: held out\n"
          "of training. `enter` takes one into the editor, `d` deletes it, `c` changes its label, `t`\n"
          "holds it out or learns from it again.",
          edits=GALLERY_KEYS),
    Panel("filters", "filters", "side", "gallery",
          "The weights of every filter. Orange adds to the response where a pixel is on, blue takes\n"
          "from it. A filter of the second layer looks at all maps of the first. The biases of all filters\n"
          "of a layer, which are added to their responses, stand behind them. What has the same colour\n"
          "in one layer is the same number.", weights=True),
    Panel("layers", "layers", "side", "gallery",
          "What each layer makes of the face in the editor: the maps of each filter after ReLU, what\n"
          "pooling leaves of them, the hidden units, and the three scores that are compared at last."),
    Panel("pixels", "pixels", "side", "matrix",
          "Which pixels the answer depends on, exactly: by how many percentage points its probability\n"
          "would change if that pixel alone were flipped. # marks the pixels that are on."),
    Panel("patches", "patches", "side", "gallery",
          "What each filter of the first layer looks for, measured. All patches of pixels that are on or\n"
          "off, 512 of 3x3, are ranked: it responds most to the left one and least to the right one; below\n"
          "are both responses and how many are above 0. The name is of the mouths, drawn in many widths and\n"
          "alone, that its strongest response tells best from the others: curves up, curves down, or bars.\n"
          "It is none if the AUC of that is below 0.88, which one in ten filters of random weights reaches.\n"
          "(That is for a kernel of 3; others have thresholds of their own.) s, n and f: how well the\n"
          "strongest response alone tells smile, neutral and frown from the others, as AUC, 0.5 by chance\n"
          "and 1 always: ↑ a strong response speaks for it, ↓ against it. Last: in how many faces the\n"
          "left patch occurs, or in which, and in which row and column of this one its middle is; where it\n"
          "does not occur, that of the strongest response to this face."),
    Panel("parts", "parts", "side", "gallery",
          "What each filter of the second layer looks for, measured: of all that it sees at a time, at all\n"
          "places of all faces, the part that it responds to most and the one that it responds to least.\n"
          "There is nothing beyond the edge of the picture. Names and numbers are as those of the patches;\n"
          "with a kernel of 3 and pooling by 2, one in ten filters of random weights reaches 0.73."),
    Panel("weights", "weights", "side", "gallery",
          "All weights and biases: a row for each filter of a convolution, for each input of a dense layer.",
          weights=True),
    Panel("confusion", "confusion", "side", "matrix",
          "How many faces of each label (a row) get each answer (a column); ~ are the unseen ones."),
)  # fmt: skip
