"""`python -m automator` is `automator`."""

from automator.cli.app import main

main()
