"""Takes and a cut in, a reel out."""
