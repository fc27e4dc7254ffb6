"""The cut for other tools: timelines, edit lists, shot lists, captions, and the files that they name."""
