"""YAML text to nodes with places: scanned, counted, composed, and its mistakes explained and mended."""
