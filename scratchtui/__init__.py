"""Four small neural networks, written from scratch in numpy, that learn in your terminal."""

__version__ = "0.1.0"
