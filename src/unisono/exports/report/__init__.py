"""report.html: what was read, what was found, how sure that is, and the posts behind every line."""
