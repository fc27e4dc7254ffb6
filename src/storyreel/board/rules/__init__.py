"""What must hold between values, one theme a file. Each rule takes a `Scope` and leaves its findings there."""
