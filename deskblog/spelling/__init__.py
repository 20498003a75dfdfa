"""Which words of a text are spelt wrong, in the languages of whoever writes. Knows nothing of windows."""
