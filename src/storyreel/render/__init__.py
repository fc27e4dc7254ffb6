"""Makes the takes of a plan and keeps them."""
