"""The requests of a plan as they go out: as data, and as programs that send them."""
