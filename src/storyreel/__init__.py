"""storyreel: a compiler from YAML storyboards to films."""

__version__ = "0.1.0"
