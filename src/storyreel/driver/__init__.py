"""The composition root: load, expand, check, plan (`project`), render, stitch (`film`)."""
