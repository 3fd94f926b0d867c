# The commands people rely on (docs: README.md). Everything happens in .venv.
PORT ?= 5000
PYTHON ?= python3
BIN := .venv/bin
# glibc else keeps what a log-in or a large page took for a moment (README).
MEMORY := MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=1000000
# A service needs no docstrings (README); tests and the bench itself need their asserts.
SERVICE := $(MEMORY) PYTHONOPTIMIZE=2

.PHONY: run test check bench lock clean

# Two stamps, one environment: running needs less than testing.
.venv/run: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --require-hashes -r requirements.txt
	touch $@

.venv/ok: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --require-hashes -r requirements-dev.txt
	touch $@

run: .venv/run
	PORT=$(PORT) $(SERVICE) $(BIN)/python -m harmattan.demo.run

test: .venv/ok
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

check: .venv/ok
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_migrations.py

bench: .venv/ok
	$(MEMORY) $(BIN)/python -m bench $(ARGS)

# Needs uv on the PATH. Only the exported files are kept: they carry hashes and no address.
lock:
	uv lock && uv export -q --frozen --no-emit-project --no-dev --extra postgres --extra server --no-header -o requirements.txt
	uv export -q --frozen --no-emit-project --all-groups --all-extras --no-header -o requirements-dev.txt
	rm uv.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
