# The tools of .venv where there is one, else those of the PATH.
BIN := $(if $(wildcard .venv/bin/python),.venv/bin/)

.PHONY: check format pictures bench sequences soak

check:
	$(BIN)ruff format --check
	$(BIN)ruff check
	$(BIN)mypy
	$(BIN)lint-imports
	$(BIN)python -m pytest

format:
	$(BIN)ruff check --fix
	$(BIN)ruff format

pictures:
	$(BIN)python -m tests.pictures

soak:
	$(BIN)python -m tests.soak $(MINUTES)

sequences:
	SOAK=1000 $(BIN)python -m pytest -n 0 -q tests/training/test_any_sequence.py

bench:
	$(BIN)python -m pytest tests/benchmarks -n 0 -q --benchmark-columns=median,iqr,rounds --benchmark-disable-gc
