"""Stand-ins for the providers on loopback: written from their documents and clients, never from our adapters.

`stand()` serves fal, Replicate, Lumenfall and their media host at once, each under an origin of its own; `running(app)`
serves one. What they saw is in `ledger`; when jobs start and end in `schedule`; how they fail in `fate_of`; what time
it is in `clock`. `faults.add(phase, Fault(kind))` spoils the next request of a phase: answer, bytes or line.
`wired(url)` is a TCP proxy before any of them, for what happens before a request is read.

By hand: `python -m tests.emulators.serve`, and `python -m tests.emulators.demo` for the trailer from all three.
"""
