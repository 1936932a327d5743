# Everything sets itself up: `make crawl` and `make test` work in a clean clone with Python 3.11 and its venv module.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONPATH := .

.PHONY: help crawl test check docs eval bench faults fuzz schema clean

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.run: requirements.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.dev: requirements.txt requirements-dev.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/.run

ifdef URL
ARCHIVE ?= data
crawl: .venv/.run  ## crawl the bundled demo, or URL=https://… ; says what happened and where the files lie
	$(BIN)/scrapy crawl aggregator --loglevel WARNING -s NEWSCRAWL_ARCHIVE="$(ARCHIVE)" -a url="$(URL)"
	@$(BIN)/python -m newscrawl export "$(ARCHIVE)" --out "$(ARCHIVE)/articles.jsonl"
	@$(BIN)/python -m newscrawl report "$(ARCHIVE)"
else
ARCHIVE ?= data/demo
crawl: .venv/.run
	$(BIN)/scrapy crawl demo --loglevel WARNING -s NEWSCRAWL_ARCHIVE="$(ARCHIVE)"
	@$(BIN)/python -m newscrawl export "$(ARCHIVE)" --out "$(ARCHIVE)/articles.jsonl"
	@$(BIN)/python -m newscrawl report "$(ARCHIVE)"
endif

test: .venv/.dev  ## all tests
	$(BIN)/pytest -n 2

check: .venv/.dev  ## lint, formatting, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .venv/.dev  ## build the documentation into site/
	$(BIN)/mkdocs build --strict

eval: .venv/.dev  ## quality, measured: spam, wrappers, notices, robots, pages
	$(BIN)/python -m tools.eval

bench: .venv/.dev  ## speed and memory, as ratios in one run
	$(BIN)/python -m tools.bench --install-peers

faults: .venv/.dev  ## kill -9, full disk and power loss at every step (long)
	$(BIN)/python -m tools.faults
	$(BIN)/python -m tools.faults.crawl_disk
	$(BIN)/python -m tools.faults.crawl_kill --kills 200 --stories 3000
	$(BIN)/python -m tools.faults.crawl_soak --stories 50000

.fuzz/.done: requirements-fuzz.txt | .venv/.dev
	$(BIN)/pip install --quiet --disable-pip-version-check --target .fuzz -r requirements-fuzz.txt
	@touch $@

fuzz: .fuzz/.done  ## coverage-guided fuzzing of the core, ten minutes
	PYTHONPATH=.:.fuzz $(BIN)/python -m tools.fuzz

clean:  ## remove the virtual environment and caches, never data
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz site
