"""Templates over plain values: what may be written, what it does, and what it may cost."""
