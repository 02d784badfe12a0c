"""Texts, letter by letter: their vocabulary, and what a recurrent network makes of them."""
