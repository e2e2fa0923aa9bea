"""Drawings as inline SVG, made here and not in the reader's browser: no script, no request."""
