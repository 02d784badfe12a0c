"""Faces of 8x8 pixels: drawn, kept, varied, and told apart."""
