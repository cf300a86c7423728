# Everything a person does with this repository, one command each; `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
PYTEST_ARGS ?= -n 2 --dist loadfile
RUN_ARGS ?=
COMPOSE_ARGS ?=
CHAOS_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
# An absolute path: version managers' shims confuse uv's own search for an interpreter.
UV := $(BIN)/uv --quiet
UV_PIP := --python $(CURDIR)/$(BIN)/python
LOCKS := bootstrap runtime dev node
COMPILE := pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links

NODE := scripts/with-node
PAGES := src/university/gateway/static
# Folders, too: a page that was taken away is a change. Tests are none.
UI_SOURCES := $(shell find ui/src ui/public ! -name '*.test.ts' 2>/dev/null) \
	$(wildcard ui/index.html ui/package.json ui/*.config.* ui/tsconfig*.json ui/build/*)

.PHONY: help
help: ## List these targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(VENV)/.dev $(VENV)/.installed ## Prepare .venv with everything that running, testing and linting need.

.PHONY: run
run: $(VENV)/.runtime $(VENV)/.installed ## Start the whole university in one process (RUN_ARGS="--help" for its options).
	@$(MAKE) --no-print-directory ui || echo "The pages could not be built, so they are old or missing. The API is all there." >&2
	@$(BIN)/university run $(RUN_ARGS)

.PHONY: ui
ui: $(PAGES)/index.html ## Build the pages that the university serves, unless nothing has changed.

.PHONY: ui-types
ui-types: ui/node_modules/.installed ## Write the types of the API, as docs/contracts has it, for the pages.
	@cd ui && ../$(NODE) npm run --silent api

.PHONY: ui-axe
ui-axe: setup ui ui/node_modules/.installed ## Look for barriers on every page: both languages, light and dark, phone and desktop.
	@cd ui && UNIVERSITY_UI_MATRIX=1 ../$(NODE) npx playwright test pages

.PHONY: screenshots
screenshots: setup ui ui/node_modules/.installed ## Take a picture of every page, both languages, phone and desktop, into ui/screenshots.
	@cd ui && UNIVERSITY_UI_SCREENSHOTS=1 ../$(NODE) npx playwright test screenshots

.PHONY: split
split: setup ## Start the gateway, three services and their workers on PostgreSQL and RabbitMQ.
	@$(BIN)/python -m entrypoints.split $(RUN_ARGS)

.PHONY: compose
compose: ## Start the split university in containers, from images that are built when missing (COMPOSE_ARGS="down" ends it).
	@entrypoints/compose.sh $(COMPOSE_ARGS)

.PHONY: test
test: lint-python ui ui/node_modules/.installed ## Lint, then run every test; what needs a missing PostgreSQL, RabbitMQ or Chromium is skipped by name.
	$(BIN)/pytest $(PYTEST_ARGS)

.PHONY: test-fast
test-fast: setup ui/node_modules/.installed ## Run the tests that need no server and finish quickly.
	$(BIN)/pytest $(PYTEST_ARGS) -m "not postgres and not rabbitmq and not chromium and not nginx and not containers and not slow"

.PHONY: lint
lint: lint-python lint-ui ## Check style, formatting, types and the walls between modules.

.PHONY: lint-ui
lint-ui: ui/node_modules/.installed
	cd ui && ../$(NODE) npm run --silent lint
	cd ui && ../$(NODE) npm run --silent typecheck

# All of the linting that is not a test as well; `tests/ui` has the rest.
.PHONY: lint-python
lint-python: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	PYTHONPATH=src:. $(BIN)/lint-imports

.PHONY: format
format: setup ## Rewrite the code in the project's format.
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

.PHONY: lock
lock: setup ## Compile requirements/*.txt anew from *.in (LOCK_ARGS="--upgrade" for the newest versions).
	@for name in $(LOCKS); do (cd requirements && ../$(UV) $(COMPILE) $(LOCK_ARGS) -o $$name.txt $$name.in); done

.PHONY: contracts
contracts: setup ui/node_modules/.installed ## Agree on the contracts as the code has them now; refuses what breaks and is not declared.
	@$(BIN)/python -m tests.contract.snapshots
	@cd ui && ../$(NODE) npm run --silent api

.PHONY: tour
tour: setup ## Live through a registration day: import a real term and let 2,000 students register.
	$(BIN)/python -m bench.registration_day

.PHONY: chaos
chaos: setup ## Kill everything 400 times under load and show that nothing is lost (CHAOS_ARGS="--faults 50 --seed 2").
	$(BIN)/python -m tests.faults.chaos $(CHAOS_ARGS)

.PHONY: chaos-cluster
chaos-cluster: setup ## Kill the leader of a three-node RabbitMQ under load (CHAOS_ARGS="--kills 20").
	$(BIN)/python -m tests.faults.chaos.cluster $(CHAOS_ARGS)

.PHONY: clean
clean: ## Remove what can be made again; a running installation's data stays.
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache src/*.egg-info *.egg-info
	rm -rf $(PAGES) ui/node_modules ui/dist ui/screenshots ui/test-results
	find src entrypoints tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.bootstrap: requirements/bootstrap.txt
	@$(PYTHON) -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "This needs Python 3.11 or newer with its venv module, and '$(PYTHON)' is not that." >&2; \
		echo "On Debian and Ubuntu: sudo apt-get install python3 python3-venv" >&2; \
		echo "Another interpreter: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; \
		exit 1; }
	@echo "Preparing $(VENV) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install --require-hashes --no-deps -r $<
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt $(VENV)/.bootstrap
	@echo "Installing what the program needs ..."
	@$(UV) pip install $(UV_PIP) --compile-bytecode --require-hashes -r $<
	@touch $@

$(VENV)/.dev: requirements/dev.txt requirements/runtime.txt $(VENV)/.bootstrap
	@echo "Installing what the program, its tests and its linters need ..."
	@$(UV) pip install $(UV_PIP) --compile-bytecode --require-hashes -r $<
	@touch $(VENV)/.runtime $@

$(VENV)/.installed: pyproject.toml $(VENV)/.bootstrap
	@$(UV) pip install $(UV_PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# The machine's Node.js, or else one from Python's packages.
$(VENV)/.node: requirements/node.txt $(VENV)/.bootstrap
	@$(NODE) || { \
		echo "Installing Node.js, which builds the pages ..."; \
		$(UV) pip install $(UV_PIP) --require-hashes -r $<; }
	@touch $@

ui/node_modules/.installed: ui/package.json ui/package-lock.json ui/.npmrc | $(VENV)/.node
	@echo "Installing what the pages are built and tested with ..."
	@cd ui && ../$(NODE) npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGES)/index.html: $(UI_SOURCES) ui/node_modules/.installed
	@echo "Building the pages ..."
	@cd ui && ../$(NODE) npm run --silent build -- --logLevel warn
	@rm -rf $(PAGES) && cp -R ui/dist $(PAGES) && touch $@
