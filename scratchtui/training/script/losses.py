"""Losses as a script has them: each returns the loss of a batch, and its gradient."""

MEAN_SQUARED_ERROR = '''
def mean_squared_error(prediction, target):
    """The mean of (prediction - target)^2."""
    error = prediction - target
    loss = np.dot(error.ravel(), error.ravel()) / error.size
    return loss, error * (2 / error.size)
'''
BINARY_CROSS_ENTROPY = '''
def binary_cross_entropy(z, target):
    """The mean of -t log s - (1 - t) log(1 - s) with s = sigmoid(z), written so that no log is of 0."""
    each = np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0) - z * target
    return each.sum() / z.size, (sigmoid(z) - target) / z.size
'''
SIGMOID_SQUARED_ERROR = '''
def sigmoid_squared_error(z, target):
    """The mean of (s - t)^2 with s = sigmoid(z)."""
    s = sigmoid(z)
    error = s - target
    loss = np.dot(error.ravel(), error.ravel()) / error.size
    return loss, error * (2 / error.size) * s * (1 - s)
'''
SOFTMAX_CROSS_ENTROPY = '''
def softmax_cross_entropy(z, target):
    """The mean over the rows of -log of the probability that softmax(z) gives to the target."""
    z = z - z.max(axis=-1, keepdims=True)  # so that exp cannot overflow
    total = np.exp(z).sum(axis=-1, keepdims=True)
    loss = (np.log(total).sum() - np.dot(z.ravel(), target.ravel())) / len(z)
    return loss, (np.exp(z) / total - target) / len(z)
'''
LOSSES = {
    "mean_squared_error": MEAN_SQUARED_ERROR,
    "binary_cross_entropy": BINARY_CROSS_ENTROPY,
    "sigmoid_squared_error": SIGMOID_SQUARED_ERROR,
    "softmax_cross_entropy": SOFTMAX_CROSS_ENTROPY,
}
WITH_SIGMOID = frozenset({"binary_cross_entropy", "sigmoid_squared_error"})
