"""Bytes of a file become batches of rows, before they mean anything."""
