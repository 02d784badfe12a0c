"""A run as a short script of its own, in numpy and nothing else, that gives the losses of the run.

`composition` puts it together of pieces: the layers, the loss and the optimizers that the run had (`layers`,
`losses`, `optimizers`), what was changed (`changes`), and the experiment's own part, its `Lesson`, in
`rows`, `faces` and `letters`. It does the same arithmetic in the same order, so that also where a run is
chaotic the losses differ by no more than libraries do.
"""
