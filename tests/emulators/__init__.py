"""Stand-ins for the providers on loopback: written from their documents and clients, never from our adapters."""
