"""Look at the page with everything it can show: `python -m tests.watch.look` prints an address, until interrupted."""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path

from tests.watch.example import example
from tests.watch.served import served


def main() -> None:
    """Serve the example."""
    with tempfile.TemporaryDirectory() as folder, served(example(Path(folder))) as running:
        sys.stdout.write(f"{running.address}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
