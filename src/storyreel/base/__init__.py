"""Values that every stage speaks: time, places in text, diagnostics, digests, money. Pure; standard library only."""
