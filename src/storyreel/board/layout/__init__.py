"""Where lines stand, and where they should: what `fmt` moves."""
