"""`python -m storyreel` is the console script."""

from storyreel.cli import main

main()
