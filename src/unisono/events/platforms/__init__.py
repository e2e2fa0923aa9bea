"""Platforms' own objects that come in more than one wrapping: what each holds, whoever collected it."""
