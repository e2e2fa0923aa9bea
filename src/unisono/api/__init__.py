"""unisono in Python: a study in hand, and beneath it the verbs on tables."""
