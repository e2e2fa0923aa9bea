"""`python -m unisono`."""

from unisono.cli import main

main()
