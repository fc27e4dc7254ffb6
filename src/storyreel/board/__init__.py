"""The storyboard language: text in, a checked `Storyboard` per film out."""
