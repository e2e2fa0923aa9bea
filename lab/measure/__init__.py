"""What must be shown, measured: each row of the table in docs/measures.md, as JSON with one record per seed."""
