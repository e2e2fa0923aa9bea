"""Exports: a study told to people (report.html), to network tools (GEXF, GraphML) and to tables (CSV)."""
