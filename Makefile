# `make run` shows filterd at work, `make test` proves it; both prepare what they need first.
PYTHON_ENV = .venv/bin
PYTEST_ARGS =
JOBS = auto

.PHONY: help setup run test bench bench-engine matrix fuzz hostile corpus golden innocent docs lint clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

setup:  ## install what is needed; .venv/bin/filterd exists afterwards
	@scripts/setup full

run:  ## filterd before a small demo upstream, to watch and to try
	@scripts/setup base
	@$(PYTHON_ENV)/filterd demo

test: setup  ## every test; PYTEST_ARGS="-k word" for some
	@$(PYTHON_ENV)/python -m pytest -n $(JOBS) --dist loadgroup $(PYTEST_ARGS)

bench: setup  ## throughput, latency and memory against a direct connection; with DATA=DIR also bench-engine
	@$(PYTHON_ENV)/python tests/bench/run.py
	@test -z "$(DATA)" || $(MAKE) --no-print-directory bench-engine

bench-engine:  ## what it costs to judge a message of DATA=DIR, beside SpamAssassin
	@test -n "$(DATA)" || { echo "make bench-engine DATA=DIR: say where the mail is" >&2; exit 64; }
	@scripts/setup bench
	@$(PYTHON_ENV)/python tests/bench/engine.py --data "$(DATA)"

matrix: setup  ## words in every disguise, carrier and script: what is found
	@$(PYTHON_ENV)/python -m tests.matrix

fuzz: setup  ## mutated mail, DATA=DIR adds real mail to begin with; FUZZ_ARGS="--seconds 60" for less
	@$(PYTHON_ENV)/python -m tests.fuzz $(if $(DATA),--data "$(DATA)") $(FUZZ_ARGS)

hostile: setup  ## what messages cost that were made to be slow, at a size and at four times that size
	@$(PYTHON_ENV)/python -m tests.hostile

corpus: setup  ## real mail through filterd, DATA=DIR says where it is
	@test -n "$(DATA)" || { echo "make corpus DATA=DIR: say where the mail is" >&2; exit 64; }
	@$(PYTHON_ENV)/python tests/integration/corpus.py --data "$(DATA)"

golden: setup  ## what other mail parsers find in DATA=DIR/mime, compared with what filterd reads
	@test -n "$(DATA)" || { echo "make golden DATA=DIR: say where the mail is" >&2; exit 64; }
	@$(PYTHON_ENV)/python -m tests.golden --data "$(DATA)"

innocent: setup  ## what is found where nothing is to be found: ham of DATA=DIR, and noise
	@test -n "$(DATA)" || { echo "make innocent DATA=DIR: say where the mail is" >&2; exit 64; }
	@$(PYTHON_ENV)/python -m tests.innocent --data "$(DATA)"

docs: setup  ## the pages that are generated: alarms, configuration, man pages
	@$(PYTHON_ENV)/filterd alarms > docs/alarms.md
	@$(PYTHON_ENV)/filterd config --markdown > docs/configuration.md
	@PYTHONPATH=. $(PYTHON_ENV)/python scripts/man.py docs/man

lint: setup  ## ruff and mypy
	@$(PYTHON_ENV)/ruff check .
	@$(PYTHON_ENV)/mypy

clean:  ## remove everything that setup, tests and tools made
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
