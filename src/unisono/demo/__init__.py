"""A made-up world whose truth is known: the demo scenario."""
