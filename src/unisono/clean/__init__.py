"""Pure text, url, time, handle and media functions; no I/O."""
