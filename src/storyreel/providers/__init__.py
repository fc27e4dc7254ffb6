"""Who makes takes: one wire format a file."""
