"""The page that follows a storyboard while it is written: what it shows, and the server that shows it."""
