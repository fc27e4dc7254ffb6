# Everything that a fresh machine needs is Python 3.11 or newer and make.
# The first target that runs installs into .venv once; later runs need no network.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/ready
# What takes longest: whole campaigns, a browser, films of every kind. `make campaign` plays them, and so does CI.
LONG := tests/campaign tests/watch/test_page_buys.py tests/cli/test_store.py tests/cli/test_takes.py tests/watch/test_watching.py tests/watch/test_watching_edits.py tests/watch/test_page.py tests/stitch/test_conform.py

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

test: $(READY)  ## the tests, no network
	$(BIN)/python -m pytest -n auto $(LONG:%=--ignore=%)

campaign: $(READY)  ## the long tests; STORYREEL_CAMPAIGN=full plays every fault and kill
	$(BIN)/python -m pytest -n auto $(LONG)

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
