"""Samples of two classes, as truth tables or as points, and the networks that tell them apart."""
