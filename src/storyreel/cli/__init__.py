"""The command line: arguments in, exit codes and text out. No decisions are made here."""

from __future__ import annotations


def main() -> None:
    """Run the console script."""
    from storyreel.cli.app import app

    app()
