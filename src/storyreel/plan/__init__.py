"""What must exist, and why: a `Storyboard` in, requests and a cut out. Pure."""
