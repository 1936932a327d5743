# Everything sets itself up: `make crawl` and `make test` work in a clean clone with Python 3.11 and its venv module.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONPATH := .

.PHONY: help crawl test check docs eval bench faults cluster-test dask fuzz consumers lock audit sbom clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

.venv/bin/python:
	$(PYTHON) -m venv .venv

# Every file that is installed is held to its sha256: what stands in requirements*.txt, and nothing else.
INSTALL := install --quiet --disable-pip-version-check --require-hashes

.venv/.run: requirements.txt | .venv/bin/python
	$(BIN)/pip $(INSTALL) -r requirements.txt
	@touch $@

.venv/.dev: requirements.txt requirements-dev.txt | .venv/bin/python
	$(BIN)/pip $(INSTALL) -r requirements-dev.txt
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

bench: .venv/.dev  ## speed and memory, as ratios in one run, written into the docs
	$(BIN)/python -m tools.bench --install-peers
	$(BIN)/python -m tools.bench --write-docs

faults: .venv/.dev  ## kill -9, full disk and power loss at every step, soak; one table at the end (hours)
	$(BIN)/python -m tools.faults all --write-docs

cluster-test: .venv/.dev  ## many machines: workers killed, databases away, beside the ideal (needs PostgreSQL; ~20 minutes)
	$(BIN)/python -m tools.cluster

.dask/.done: requirements-dask.txt
	$(PYTHON) -m venv .dask
	.dask/bin/pip $(INSTALL) -r requirements-dask.txt
	@touch $@

dask: .dask/.done  ## run the recipe that cleans a corpus by Dask
	.dask/bin/python -m pytest tests/cluster/test_bulk_dask.py

.consumers/.done: requirements-consumers.txt
	$(PYTHON) -m venv .consumers
	.consumers/bin/pip $(INSTALL) -r requirements-consumers.txt
	@touch $@

consumers: .consumers/.done .venv/.dev  ## run the examples that read the output by pandas, DuckDB, datasets, Datasette
	$(BIN)/pytest tests/docs/test_consumers.py

.fuzz/.done: requirements-fuzz.txt | .venv/.dev
	$(BIN)/pip $(INSTALL) --target .fuzz -r requirements-fuzz.txt
	@touch $@

fuzz: .fuzz/.done  ## coverage-guided fuzzing of the core, ten minutes
	PYTHONPATH=.:.fuzz $(BIN)/python -m tools.fuzz

.supply/.done: requirements-supply.txt
	$(PYTHON) -m venv .supply
	.supply/bin/pip $(INSTALL) -r requirements-supply.txt
	@touch $@

LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" .supply/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --annotation-style line $(UPGRADE)
# The benchmark's peers and the supply tools live in environments of their own; all others must fit the run's versions.
APART := requirements-eval.in requirements-supply.in requirements-consumers.in

lock: .supply/.done  ## requirements*.in -> requirements*.txt with hashes; UPGRADE=--upgrade takes newer versions
	$(LOCK) requirements.in --output-file requirements.txt
	@for one in $(filter-out $(APART),$(wildcard requirements-*.in)); do \
	  echo "$$one"; $(LOCK) $$one --constraints requirements.txt --output-file $${one%.in}.txt || exit 1; done
	@for one in $(APART); do echo "$$one"; $(LOCK) $$one --output-file $${one%.in}.txt || exit 1; done

audit: .supply/.done  ## known vulnerabilities of what is pinned; AUDIT="--vulnerability-service osv" asks another database
	.supply/bin/pip-audit --require-hashes --disable-pip --strict --progress-spinner off \
	  $(patsubst %,-r %,$(filter-out requirements-eval.txt,$(wildcard requirements*.txt))) $(AUDIT)

.supply/run/.done: requirements.txt
	$(PYTHON) -m venv --clear .supply/run
	.supply/run/bin/pip $(INSTALL) -r requirements.txt
	@touch $@

sbom: .supply/.done .supply/run/.done  ## sbom.json: what an installation holds, with versions and licences (CycloneDX)
	.supply/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application --output-reproducible \
	  --output-file sbom.json .supply/run/bin/python

clean:  ## remove the virtual environment and caches, never data
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz .consumers .dask .supply sbom.json site
