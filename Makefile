# Two commands matter: `make run` and `make test`. Both install what they need; running them again is quick.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install -q --disable-pip-version-check --no-compile --no-deps
DEMO ?= data/demo
SUPPLIERS ?= 2000
SEED ?= 1
AS_OF ?= 2026-11-01

.PHONY: help run test check check-types check-sql check-style bench airflow screenshots docs catalogues clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run $(DEMO)/tierline.yml ## Install, run the main job on the demo world, print where the report is
	@$(BIN)/tierline run --config $(DEMO)/tierline.yml || { code=$$?; [ $$code -eq 3 ] && echo "Published, with sources degraded (see above)." || exit $$code; }

test: $(VENV)/.run $(VENV)/.test ## Install and pass the tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.run $(VENV)/.test $(VENV)/.check ## Style, types, imports and SQL
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target check-types check-sql check-style

check-types:
	$(BIN)/mypy

check-sql:
	$(BIN)/sqlfluff lint dbt_project/models dbt_project/tests

check-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/.run $(VENV)/.bench ## Measure: precision on unseen demo worlds, speed as ratios
	@$(BIN)/python -m tests.benchmarks

airflow: $(VENV)/.run $(DEMO)/tierline.yml ## Airflow on loopback, running the pipeline on a schedule
	@dags/standalone.sh

screenshots: $(VENV)/.run $(VENV)/.test ## Make the pictures of the guides anew; needs Chromium and its driver
	@$(BIN)/python -m tests.browser.screenshots

docs: $(VENV)/.run ## Write the generated pages of docs/ anew
	@$(BIN)/tierline docs

catalogues: $(VENV)/.run ## Bring the catalogues of languages in step with the messages, and say what is left to translate
	@$(BIN)/python -m serving.language

clean: ## Remove what was installed and built; data/ stays
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(DEMO)/tierline.yml: | $(VENV)/.run
	@$(BIN)/tierline demo $(DEMO) --suppliers $(SUPPLIERS) --seed $(SEED) --as-of $(AS_OF)

# Wheels only, every hash checked. Bytecode is compiled once here, which halves the start of everything.
$(VENV)/.run: requirements/run.txt pyproject.toml
	@echo "Installing into $(VENV) (a minute or two, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes --only-binary :all: -r requirements/run.txt
	@$(PIP) --no-build-isolation -e .
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib > /dev/null || true
	@touch $@

$(VENV)/.test $(VENV)/.check $(VENV)/.bench: $(VENV)/.%: requirements/%.txt | $(VENV)/.run
	@echo "Installing what 'make $*' needs ..."
	@$(PIP) --require-hashes --only-binary :all: -r $<
	@touch $@
