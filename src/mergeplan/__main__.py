"""`python -m mergeplan` is the command `mergeplan`."""

from mergeplan.cli import main

main()
