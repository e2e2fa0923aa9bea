# Two commands on a fresh machine: `make demo` leaves a report to look at, `make test` passes the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto
UV := VIRTUAL_ENV=$(VENV) $(BIN)/uv

.PHONY: demo test test-full mutants lint bench measure docs house dist lock clean

demo: $(VENV)/run.done
	$(BIN)/unisono demo --out demo

# Two workers share the compiled kernels; few examples of each property. What a release needs is test-full.
TESTS := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term --cov-fail-under=90

test: lint
	$(TESTS)

test-full: lint
	$(TESTS) --full
	$(BIN)/python -m tests.mutations --of formats --minutes 5
	$(BIN)/python -m tests.mutations --of tables --minutes 5
	$(BIN)/python -m tests.mutations --of exports --minutes 5
	$(BIN)/python -m tests.mutants

lint: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

mutants: $(VENV)/dev.done
	$(BIN)/python -m tests.mutants

bench: $(VENV)/dev.done
	$(BIN)/python -m benchmarks

measure: $(VENV)/dev.done
	$(BIN)/python -m lab.measure

docs: $(VENV)/dev.done
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet
	@echo "site/index.html"

house: $(VENV)/dev.done
	$(BIN)/python -m docs.house

dist: $(VENV)/dev.done
	rm -rf dist
	$(UV) build --quiet
	$(BIN)/python -m tests.wheel dist

lock: $(VENV)/uv.done
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --group dev --group bench pyproject.toml -c requirements.lock -o requirements-dev.lock

$(VENV)/uv.done:
	$(PYTHON) -c 'import sys; sys.exit("unisono needs Python 3.11 or newer, this is " + sys.version.split()[0] + ": make PYTHON=python3.12 demo" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv
	touch $@

$(VENV)/run.done: $(VENV)/uv.done requirements.lock pyproject.toml
	test -e $(VENV)/dev.done || $(UV) pip sync -q requirements.lock
	$(UV) pip install -q --no-deps -e .
	touch $@

$(VENV)/dev.done: $(VENV)/uv.done requirements-dev.lock pyproject.toml
	$(UV) pip sync -q --compile-bytecode requirements-dev.lock
	$(UV) pip install -q --no-deps -e .
	touch $@

clean:
	rm -rf $(VENV) demo dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
