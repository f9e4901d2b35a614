# The commands of this project. Run `make` for the list.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Settings have no default for these; what reads settings without using the servers gets a stand-in.
NO_SERVERS := DATABASE_URL=postgres:///unused REDIS_URL=redis:///unused
SERVERS := $(BIN)/python -m palvelumanuaali.embedded
INSTALL := $(BIN)/python -I palvelumanuaali/demo/packages.py
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make requirements"
# One more than processors: a browser, a server or a clock is waited for at times.
PROCESSES = $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
AUDIT = $(VENV)/audit
MOST_UNKNOWN ?= 5
# All but the map, a drawing.
TEMPLATES = find templates -type f -name '*.html' -not -name map.html

FAULTS := tests/faults tests/orgs/test_broker.py tests/palvelumanuaali/test_outages.py \
	tests/workflow/test_mass_effects.py tests/palvelumanuaali/test_serve.py tests/palvelumanuaali/test_slow_clients.py tests/security/test_without_valkey.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo demo-reset test test-faults test-long test-with-servers lint bench bench-gate bench-desk bench-publishing bench-search audit format requirements messages schema clean

lint test test-faults test-long test-with-servers bench bench-gate bench-desk bench-publishing bench-search messages schema: export SECRET_KEY := only-for-checks

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile | expand -t 24

demo: $(VENV)/demo-installed ## run everything at http://127.0.0.1:8000/ (make demo PORT=8001 for another port)
	@exec $(BIN)/python -m palvelumanuaali.demo

demo-reset: $(VENV)/demo-installed ## delete the demo's data
	@exec $(BIN)/python -m palvelumanuaali.demo reset

test: lint ## all checks and tests (PYTEST_ARGS="-k name" for some)
	@exec $(SERVERS) --throwaway -- $(MAKE) --no-print-directory test-with-servers

test-long: export THOROUGH := true
test-long: test ## the same, with many more rounds of what chance decides (each night, before a release)

test-faults: $(VENV)/dev-installed ## parts that hang, refuse, fill up, are killed or tell a wrong time (also in `make test`)
	@exec $(SERVERS) --throwaway -- $(MAKE) --no-print-directory test-with-servers PYTEST_ARGS="$(FAULTS)"

test-with-servers: # by `test`, with DATABASE_URL and REDIS_URL set
	$(BIN)/python manage.py compile_catalogues
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check_translations
	$(BIN)/pytest -n $(PROCESSES) $(PYTEST_ARGS)
	$(if $(THOROUGH),$(BIN)/pytest tests/palvelumanuaali/test_fresh.py)

lint: $(VENV)/dev-installed ## style, types and the rules of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(NO_SERVERS) $(BIN)/mypy
	$(BIN)/lint-imports
	$(TEMPLATES) -exec $(BIN)/djade --check --target-version 5.2 {} +
	$(TEMPLATES) -exec $(BIN)/djhtml --check --tabwidth 2 {} +

bench: $(VENV)/demo-installed ## how fast pages are read, beside a bare server and a file server (SIZE=20000, OUT=file)
	@exec $(SERVERS) --throwaway -- $(BIN)/python benchmarks/reading.py $(SIZE) $(if $(OUT),--out $(OUT)) $(if $(ONLY),--only $(ONLY))

bench-gate: $(VENV)/demo-installed ## fail where reading has become a fifth slower than what has landed
	@figures=$$(mktemp) && $(MAKE) bench OUT=$$figures && $(BIN)/python benchmarks/gate.py benchmarks/landed.json $$figures

bench-desk: $(VENV)/demo-installed ## how the desk and the office grow (SIZE=20000 RUNS=1000, OUT=file)
	@exec $(SERVERS) --throwaway -- $(BIN)/python benchmarks/desk.py $(SIZE) $(if $(RUNS),--runs $(RUNS)) $(if $(OUT),--out $(OUT))

bench-publishing: $(VENV)/demo-installed ## how fast services are published, and memory (SIZE=5000 COUNT=1000, OUT=file)
	@exec $(SERVERS) --throwaway -- $(BIN)/python benchmarks/publishing.py $(SIZE) $(if $(COUNT),--count $(COUNT)) $(if $(OUT),--out $(OUT))

bench-search: $(VENV)/demo-installed ## how the search grows (SIZES="340 5000" for other sizes, OUT=file for figures)
	@exec $(SERVERS) --throwaway -- $(BIN)/python benchmarks/search.py $(SIZES) $(if $(OUT),--out $(OUT))

audit: $(VENV)/dev-installed ## look for known weaknesses in the pinned packages (MOST_UNKNOWN=5 that could not be asked about)
	@timeout 180 $(BIN)/pip-audit --disable-pip --no-deps --progress-spinner off -r requirements/base.txt \
		>$(AUDIT) 2>&1 || true
	@! { grep -qE "^Found [0-9]+ known vulnerabilit" $(AUDIT) && cat $(AUDIT); }
	@grep -qE "^(Found|No known)" $(AUDIT) || { echo "· nobody answered about known weaknesses: see $(AUDIT)" >&2; \
		test $(MOST_UNKNOWN) -ge 1000; }
	@unknown=$$(grep -c "could not be audited" $(AUDIT)); \
		echo "· of what could be asked about, no weakness is known; could not be asked about: $$unknown packages"; \
		test $$unknown -le $(MOST_UNKNOWN) || { echo "· that is too many to say that all is well: see $(AUDIT)" >&2; exit 1; }

format: $(VENV)/dev-installed ## put code and templates into the project's form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(TEMPLATES) -exec $(BIN)/djade --target-version 5.2 {} +
	$(TEMPLATES) -exec $(BIN)/djhtml --tabwidth 2 {} +

requirements: $(VENV)/dev-installed ## pin the requirements anew (UPGRADE=--upgrade for newer ones)
	$(COMPILE) $(UPGRADE) requirements/base.in --output-file requirements/base.txt
	$(COMPILE) $(UPGRADE) requirements/demo.in --output-file requirements/demo.txt
	$(COMPILE) $(UPGRADE) requirements/dev.in --output-file requirements/dev.txt

messages: $(VENV)/dev-installed ## find the interface's messages and compile their translations
	$(NO_SERVERS) $(BIN)/python manage.py update_catalogues
	$(NO_SERVERS) $(BIN)/python manage.py compile_catalogues

schema: $(VENV)/dev-installed ## write the exchange format's JSON Schema to docs/
	$(NO_SERVERS) $(BIN)/python manage.py exchange_schema > docs/exchange-format.schema.json

clean: ## delete what the other commands made, but not the demo's data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete

$(VENV)/made:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing. Install Python 3.11 or newer, then run make again." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than 3.11. Install Python 3.11 or newer, or name it: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) lacks ensurepip. Install it (Debian and Ubuntu: apt-get install python3-venv), then run make again." >&2; exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "· making $(VENV)"; $(PYTHON) -m venv --clear $(VENV); }
	@touch $@

$(VENV)/demo-installed: requirements/demo.txt $(VENV)/made
	@$(INSTALL) requirements/demo.txt
	@touch $@

$(VENV)/dev-installed: requirements/dev.txt $(VENV)/made
	@$(INSTALL) requirements/dev.txt
	@touch $@
