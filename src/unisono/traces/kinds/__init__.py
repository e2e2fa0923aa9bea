"""One file per kind of trace; each offers `TRACE`. Adding a file adds the kind."""
