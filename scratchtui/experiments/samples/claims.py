"""What is claimed of the neural net, with recipes that were found to do it."""

from __future__ import annotations

from scratchtui.experiments.claim import Claim

CLAIMS = (
    Claim("original", "the original table is learnt to within 0.05", ("max_error<0.05",),
          ({"data": "original"},)),
    Claim("xor", "a hidden layer learns XOR to within 0.05", ("accuracy>0.99", "max_error<0.05"),
          ({"data": "xor"},)),
    Claim("one layer", "without a hidden layer XOR is not learnt", ("accuracy<0.76",),
          ({"data": "xor", "hidden": "none"},), steps=500, most_seeds=20),
    Claim("tables", "AND, OR, and the parity of 3 to 6 bits are learnt to within 0.05",
          ("accuracy>0.99", "max_error<0.05"),
          ({"data": "and"}, {"data": "or"}, {"data": "parity:3"}, {"data": "parity:4", "hidden": "16"},
           {"data": "parity:5", "hidden": "16"}, {"data": "parity:6", "hidden": "32"}), most_seeds=60),
    Claim("parity of 7", "the parity of 7 bits is learnt to within 0.05",
          ("accuracy>0.99", "max_error<0.05"), ({"data": "parity:7", "hidden": "32"},), most_seeds=20),
    Claim("parity of 8", "the parity of 8 bits is learnt to within 0.05",
          ("accuracy>0.99", "max_error<0.05"), ({"data": "parity:8", "hidden": "32"},), most_seeds=5),
    Claim("gaussians", "two clouds: over 95 % of unseen points right",
          ("test_accuracy>0.95",), ({"data": "gaussians"},), steps=100, most_seeds=50),
    Claim("circle", "a disc within a ring: over 95 % of unseen points right", ("test_accuracy>0.95",),
          ({"data": "circle", "hidden": "16"},), steps=300),
    Claim("quadrants", "the quadrants of XOR: over 95 % of unseen points right", ("test_accuracy>0.95",),
          ({"data": "quadrants", "hidden": "16", "points": "400"},), steps=300, most_seeds=50),
    Claim("spirals", "two spirals: over 95 % of unseen points right", ("test_accuracy>0.95",),
          ({"data": "spirals", "hidden": "16,16", "points": "500"},), steps=300),
)  # fmt: skip
