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
ADD_DROP_ARGS ?=
OVERLOAD_ARGS ?=
ENROLL_ARGS ?=
SCALE_ARGS ?=
SQLITE_ARGS ?=
CATALOG_ARGS ?=
KEEP_ALIVE_ARGS ?=
FOOTPRINT_ARGS ?=
STAMPEDE_ARGS ?=
ARCHITECTURES_ARGS ?=
EVENTS_ARGS ?=
CHAOS_ARGS ?=
PROPERTY_ARGS ?=
FUZZ ?= 20

VENV := .venv
BIN := $(VENV)/bin
# An absolute path: version managers' shims confuse uv's own search for an interpreter.
UV := $(BIN)/uv --quiet
UV_PIP := --python $(CURDIR)/$(BIN)/python
LOCKS := bootstrap runtime dev bench node
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

.PHONY: add-drop
add-drop: setup ## Live through ten days of adding and dropping on a real term: no seat stands idle for which somebody waits.
	$(BIN)/python -m bench.add_drop $(ADD_DROP_ARGS)

.PHONY: chaos
chaos: setup ## Kill everything 400 times under load and show that nothing is lost (CHAOS_ARGS="--faults 50 --seed 2").
	$(BIN)/python -m tests.faults.chaos $(CHAOS_ARGS)

.PHONY: chaos-cluster
chaos-cluster: setup ## Kill the leader of a three-node RabbitMQ under load (CHAOS_ARGS="--kills 20").
	$(BIN)/python -m tests.faults.chaos.cluster $(CHAOS_ARGS)

.PHONY: overload
overload: setup ## Ask three and five times what the split university can do, a minute each (OVERLOAD_ARGS="--seconds 20").
	@scripts/services frontend
	@export $$(scripts/services start) && $(BIN)/python -m bench.overload $(OVERLOAD_ARGS)

.PHONY: enroll
enroll: setup $(VENV)/.bench ## Compare enrollments a second, and what each costs, with how others write it (ENROLL_ARGS="--rounds 5").
	@export $$(scripts/services start) && $(BIN)/python -m bench.enroll $(ENROLL_ARGS)

.PHONY: keep-alive
keep-alive: setup ## Let 2,000 connected clients ask the split university in turn (KEEP_ALIVE_ARGS="--seconds 120").
	@export $$(scripts/services start) && $(BIN)/python -m bench.keep_alive $(KEEP_ALIVE_ARGS)

.PHONY: footprint
footprint: setup ui ## Measure the memory of every process, and how long starting takes (FOOTPRINT_ARGS="--rounds 5").
	@export $$(scripts/services start) && $(BIN)/python -m bench.footprint $(FOOTPRINT_ARGS)

.PHONY: stampede
stampede: setup ## Live through a minute of registration day, with one, two and three enrollment services (STAMPEDE_ARGS="--students 1000").
	@scripts/services frontend
	@export $$(scripts/services start) && $(BIN)/python -m bench.stampede $(STAMPEDE_ARGS)

.PHONY: architectures
architectures: setup ## Ask one process and the split university the same with 2, 100 and 500 users (ARCHITECTURES_ARGS="--steady 20").
	@export $$(scripts/services start) && $(BIN)/python -m bench.architectures $(ARCHITECTURES_ARGS)

.PHONY: events
events: setup ## Measure how fast events go from the outbox to both views, and how late (EVENTS_ARGS="--seconds 5").
	@export $$(scripts/services start) && $(BIN)/python -m bench.events $(EVENTS_ARGS)

.PHONY: report
report: setup $(VENV)/.bench ## Write docs/performance.md and its plots from what benchmarks have left in docs/performance.
	@$(BIN)/python -m bench.report

.PHONY: catalog
catalog: setup $(VENV)/.bench ## Compare what a reading of the catalog costs: a page, a search, seats, unchanged, through the frontend.
	@scripts/services frontend
	@export $$(scripts/services start) && $(BIN)/python -m bench.catalog $(CATALOG_ARGS)

.PHONY: scale
scale: setup ## Measure what things cost as sections, students, queues and plans grow (SCALE_ARGS="--rounds 5").
	@export $$(scripts/services start) && $(BIN)/python -m bench.scale $(SCALE_ARGS)

.PHONY: sqlite
sqlite: setup ## Let eight threads enroll at the repository on SQLite (SQLITE_ARGS="--each 3000").
	@$(BIN)/python -m bench.sqlite $(SQLITE_ARGS)

.PHONY: property
property: setup ## Search 2,000 runs of registration for one that goes wrong (PROPERTY_ARGS="--runs 200 --seed 7").
	$(BIN)/python -m tests.stateful.runs $(PROPERTY_ARGS)

.PHONY: fuzz
fuzz: setup ## Ask every operation thousands of things its document allows and forbids, as everybody (FUZZ=100).
	UNIVERSITY_TEST_FUZZ=$(FUZZ) $(BIN)/pytest $(PYTEST_ARGS) tests/contract/test_fuzzing.py tests/contract/test_internal_fuzzing.py

.PHONY: sbom
sbom: setup ui/node_modules/.installed ## List every package that a release is made of, and its pages built with, in CycloneDX, into build/sbom.
	@mkdir -p build/sbom
	@$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o build/sbom/python.cdx.json \
		requirements/runtime.txt 2>/dev/null
	@cd ui && ../$(NODE) npm sbom --silent --sbom-format cyclonedx --package-lock-only > ../build/sbom/pages.cdx.json
	@echo "build/sbom/python.cdx.json build/sbom/pages.cdx.json"

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

$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	@echo "Installing what benchmarks compare the program to ..."
	@$(UV) pip install $(UV_PIP) --require-hashes -r $<
	@touch $@

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
