"""The one way in which pictures and sounds fail."""

from __future__ import annotations


class MediaFailed(Exception):
    """A picture or sound could not be read or made. `message` is one sentence; `detail` is what the program said."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
