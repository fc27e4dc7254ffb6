# Everything that a fresh machine needs is Python 3.11 or newer and make.
# The first target that runs installs into .venv once; later runs need no network.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/ready
# Much of a test run waits for sockets and browsers: two workers a processor.
WORKERS := $(shell echo $$((2 * $$(nproc 2>/dev/null || echo 2))))

.PHONY: help install demo demo-providers test campaign lint bench schema clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "storyreel needs Python 3.11 or newer (set PYTHON=...)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[voice,dev]'
	@touch $@

install: $(READY)  ## the environment, once

demo: $(READY)  ## the example trailer, offline
	$(BIN)/storyreel render storyboards/last_lamp.yaml --provider animatic
	@echo "Open output/last_lamp/last_lamp.mp4 (contact sheet beside it)."

demo-providers: $(READY)  ## the same trailer bought from three stand-ins on loopback
	$(BIN)/python -m tests.emulators.demo

test: $(READY)  ## every test, no network
	$(BIN)/python -m pytest -n $(WORKERS) --ignore=tests/campaign

campaign: $(READY)  ## faults, kills and secrets against the stand-ins; STORYREEL_CAMPAIGN=full plays all of it
	$(BIN)/python -m pytest -n $(WORKERS) tests/campaign

lint: $(READY)  ## style, types, layers
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)  ## figures, as ratios measured side by side
	$(BIN)/python benchmarks/run.py

schema: $(READY)  ## refresh what is generated and checked in
	$(BIN)/storyreel schema -o storyboard.schema.json
	$(BIN)/python -m storyreel.base.codes.page > docs/codes.md
	COLUMNS=80 $(BIN)/python -c 'from storyreel.cli.app import app; app(["--help"], prog_name="storyreel")' > src/storyreel/cli/help.txt

clean:  ## takes, reels and the environment
	rm -rf .venv output .storyreel
