"""Optimizers as a script has them: each makes an `update` with a memory of its own, which begins at 0."""

MEMORY = '''
def zeros():
    """Return a number for every parameter, all of them 0."""
    return {name: np.zeros_like(each) for name, each in p.items()}
'''
SGD = '''
def sgd():
    """w <- w - learning_rate g"""

    def update():
        for name in p:
            p[name] -= learning_rate * g[name]

    return update
'''
MOMENTUM = '''
def with_momentum():
    """v <- momentum v - learning_rate g, then w <- w + v"""
    v = zeros()

    def update():
        for name in p:
            v[name] = momentum * v[name] - learning_rate * g[name]
            p[name] += v[name]

    return update
'''
RMSPROP = '''
def rmsprop(decay=0.9, epsilon=1e-8):
    """s <- decay s + (1 - decay) g^2, then w <- w - learning_rate g / (sqrt(s) + epsilon)"""
    s = zeros()

    def update():
        for name in p:
            s[name] = decay * s[name] + (1 - decay) * (g[name] * g[name])
            p[name] -= learning_rate * (g[name] / (np.sqrt(s[name]) + epsilon))

    return update
'''
ADAM = '''
def adam(beta1=0.9, beta2=0.999, epsilon=1e-8):
    """The mean of g over the root of the mean of g^2, both corrected for having begun at 0."""
    m, v, t = zeros(), zeros(), 0

    def update():
        nonlocal t
        t += 1
        for name in p:
            m[name] = beta1 * m[name] + (1 - beta1) * g[name]
            v[name] = beta2 * v[name] + (1 - beta2) * (g[name] * g[name])
            size = np.sqrt(v[name] / (1 - beta2**t)) + epsilon
            p[name] -= learning_rate / (1 - beta1**t) * (m[name] / size)

    return update
'''
OPTIMIZERS = {
    "sgd": ("sgd()", (SGD,)),
    "momentum": ("with_momentum()", (MEMORY, MOMENTUM)),
    "rmsprop": ("rmsprop()", (MEMORY, RMSPROP)),
    "adam": ("adam()", (MEMORY, ADAM)),
}
