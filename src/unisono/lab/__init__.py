"""Made-up worlds whose truth is known: the demo scenario, and a bench for the methods."""
