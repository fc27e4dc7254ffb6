"""The files that a plan names, each by the digest of its bytes, asked for once."""

from __future__ import annotations

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.board.model import Located
from storyreel.board.source import MediaFacts, SourceMissing, SourceRefused, SourceTree
from storyreel.plan.request import Asset


class Files:
    """Answers with assets; a file that cannot be read is a diagnostic in `found` and answered with None."""

    def __init__(self, source: SourceTree) -> None:
        self._source = source
        self._assets: dict[str, Asset | None] = {}
        self.found: list[Diagnostic] = []

    def asset(self, path: str | None, place: Located, *steps: str | int) -> Asset | None:
        """The file named at `steps` below `place`; None for no path, an empty one, and a file that cannot be read."""
        if not path:
            return None
        if path not in self._assets:
            try:
                self._assets[path] = Asset(path, self._source.digest(path))
            except (SourceMissing, SourceRefused) as refused:
                self._assets[path] = None
                self._refuse(path, refused, place, *steps)
        return self._assets[path]

    def digests(self) -> dict[str, str | None]:
        """Every path asked for, with its digest; None where it cannot be read."""
        return {path: None if asset is None else asset.digest for path, asset in self._assets.items()}

    def text(self, path: str, place: Located, *steps: str | int) -> tuple[Asset, str] | None:
        """A text file with its digest."""
        asset = self.asset(path, place, *steps)
        if asset is None:
            return None
        try:
            return asset, self._source.read(path).decode("utf-8-sig")
        except (SourceMissing, SourceRefused, UnicodeDecodeError) as refused:
            self._refuse(path, refused, place, *steps)
            return None

    def facts(self, asset: Asset) -> MediaFacts | None:
        """What a media file holds, as far as we read it."""
        return self._source.facts(asset.path)

    def _refuse(self, path: str, refused: Exception, place: Located, *steps: str | int) -> None:
        why = "is not there any more" if isinstance(refused, SourceMissing) else str(refused)
        if isinstance(refused, UnicodeDecodeError):
            why = "is not UTF-8"
        self.found.append(error("SR309", f"`{path}` {why}", place.span(*steps), label="cannot be read"))
