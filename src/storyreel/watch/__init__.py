"""Rebuilds what changed while a board is being written."""
