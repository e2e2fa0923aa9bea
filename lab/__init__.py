"""Made-up worlds, rival methods and the measures of both. Beside the package: nothing here is installed."""
