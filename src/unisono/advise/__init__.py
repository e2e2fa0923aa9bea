"""Which windows a study's clocks allow, and what could be found at each, before anything is tested."""
