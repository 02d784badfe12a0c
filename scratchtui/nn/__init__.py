"""Neural networks from scratch: every formula of forward and backward, in numpy and nothing else.

Read the chapters in this order: `layers` (Layer, Dense), `activations`, `losses`, `sequential`,
`optimizers`, `initializers`, `checking` (backward against central differences), then `convolution`
(Conv2D, MaxPool2D, Flatten), `recurrent` (RNN), `clipping`, `penalty`.

One step of training is five lines, and nothing happens besides them:

    network = Sequential(Dense(2, 4, rng), Sigmoid(), Dense(4, 1, rng))
    optimizer = Adam(network.vector, learning_rate=0.01)
    loss, gradient = binary_cross_entropy(network.forward(x), target)
    network.backward(gradient)
    optimizer.step(network.gradient)

Axis letters, here and in the rest of nn/:
    N  examples in the batch     C  channels      T  time steps
    D  features in               H  height        V  vocabulary size
    M  features out              W  width         K  side of a filter
    F  filters
    P  all the parameters of a network, one after the other
`(..., D)` has any number of axes before the last. `dx`, `dy`, `dW` mean dL/dx, dL/dy, dL/dW: the
gradient of the loss, with the shape of the thing itself.

Promises that hold everywhere:
- Numbers are float64. Integers and booleans are converted and give what the same floats give.
- Randomness comes from the generator that you pass, and only when a layer is made.
- An array returned by `forward` or `backward` is a buffer of its layer: valid until the next such
  call. The array given to `forward` is kept, uncopied, for `backward`.
- Nothing broadcasts: wrong shapes, empty batches and 0-d arrays raise a ValueError that names what
  was given and what was expected.
- NaN and infinity in the data (the input of a network, the target of a loss) raise a ValueError
  that says where, and so do targets of a cross-entropy that are no probabilities. NaN and infinity
  that arise inside pass through every layer, so a run that diverges shows it in its loss. Whether
  numpy warns of the overflow on the way is up to the caller's `np.errstate`.
"""

from scratchtui.nn.activations import LeakyReLU, ReLU, Sigmoid, Tanh, softmax
from scratchtui.nn.arrays import Array
from scratchtui.nn.checking import TensorCheck, gradient_check
from scratchtui.nn.clipping import clip_by_norm
from scratchtui.nn.convolution import Conv2D, Flatten, MaxPool2D
from scratchtui.nn.initializers import Initializer, he, uniform, xavier
from scratchtui.nn.layers import Dense, Layer
from scratchtui.nn.losses import (
    Loss,
    binary_cross_entropy,
    mean_squared_error,
    sigmoid_squared_error,
    softmax_cross_entropy,
)
from scratchtui.nn.optimizers import SGD, Adam, Momentum, Optimizer, RMSProp
from scratchtui.nn.penalty import Penalized
from scratchtui.nn.recurrent import RNN
from scratchtui.nn.sequential import Sequential

__all__ = [
    "RNN",
    "SGD",
    "Adam",
    "Array",
    "Conv2D",
    "Dense",
    "Flatten",
    "Initializer",
    "Layer",
    "LeakyReLU",
    "Loss",
    "MaxPool2D",
    "Momentum",
    "Optimizer",
    "Penalized",
    "RMSProp",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "TensorCheck",
    "binary_cross_entropy",
    "clip_by_norm",
    "gradient_check",
    "he",
    "mean_squared_error",
    "sigmoid_squared_error",
    "softmax",
    "softmax_cross_entropy",
    "uniform",
    "xavier",
]
