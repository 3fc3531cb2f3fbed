# Two commands do everything: `make run` and `make test`. Both set up what they need; a second time they start at once.
# ARGS passes options on: make run ARGS="--agents 6 --hours 3", make test ARGS="-k audit". Tests run in two processes;
# WORKERS=0 runs them in one, as a debugger wants it.

VENV ?= .venv
WORKERS ?= 2
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
ARGS ?=
BIN := $(VENV)/bin
SHELL := bash
# Measured with the extras run and view: 88 s of a processor (9.5 minutes on a machine with much else to do), 2.0 GB.
PATIENCE := once: about 2 GB on disk, two to ten minutes
# In a terminal one line that counts packages; of all else only errors, with what follows them.
define TELL
awk 'BEGIN { shown = system("test -t 1") == 0 } \
  /[Ee][Rr][Rr][Oo][Rr]/ { bad = 1 } \
  bad { print; next } \
  shown && /^(Collecting|Processing) / { sub(/.*\//, "", $$2); printf "\r\033[K  package %d: %.50s", ++count, $$2; fflush() } \
  shown && /^Installing collected/ { printf "\r\033[K  unpacking %d packages", count; fflush() } \
  END { if (count) print "" }'
endef
# pipefail, lest the one line hide that pip failed.
define INSTALL
@set -o pipefail; \
  $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off -e '.[$(EXTRAS)]' -c constraints.txt 2>&1 | $(TELL)
endef

.PHONY: run test check bench plots docs site made island look gallery screenshots clean

run: $(VENV)/.run
	@$(BIN)/worldloom run $(ARGS)

test: $(VENV)/.test
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy -p worldloom

bench: $(VENV)/.test
	$(BIN)/python benchmarks/run_all.py $(ARGS)

# Plots of docs/plots/ from what the benchmarks measured.
plots: $(VENV)/.test
	$(BIN)/python benchmarks/plots.py

# The documents that hold claims: every named test and file is there, every runnable snippet runs.
docs: $(VENV)/.test $(VENV)/.docs
	WORLDLOOM_SLOW=1 $(BIN)/python -m pytest tests/test_docs.py tests/test_site.py tests/test_notebook.py \
	  tests/test_contributing.py tests/test_coverage_page.py

# What each generator makes, from the records of the weights that ship: docs/made.md.
made: $(VENV)/.test
	$(BIN)/python docs/made.py

# The picture of the how-to on bringing one's own land, made of that page's snippets: docs/howto/island.png.
island: $(VENV)/.run
	$(BIN)/python docs/howto/island.py

# The documents as a site in build/site: strict, without a network. `make site ARGS=serve` shows it while one writes.
site: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs $(or $(ARGS),build --strict)

# One contact sheet of the newest run (or RUN=folder): docs/look.png. The report's pages need Chromium.
RUN ?= $(shell ls -td runs/*/ 2>/dev/null | head -n 1)
look: $(VENV)/.test docs/gallery/node_modules/three
	@test -n "$(RUN)" || { echo "No run in runs/ yet: make run, or make look RUN=folder"; exit 1; }
	$(BIN)/python docs/look.py "$(RUN)" docs/look.png

# A picture of every shipped scenario, or of RUNS: docs/pictures/scenario-*.png. Needs Chromium and npm; minutes each.
RUNS ?=
gallery: $(VENV)/.run docs/gallery/node_modules/three
	$(BIN)/python docs/gallery/gallery.py $(RUNS)

docs/gallery/node_modules/three: docs/gallery/package-lock.json
	npm ci --prefix docs/gallery --no-fund --no-audit
	@touch $@

# Pictures of a run's report in a real browser: docs/pictures/report-*.png. Needs Chromium and the dev extra.
screenshots: $(VENV)/.dev
	@test -n "$(RUN)" || { echo "No run in runs/ yet: make run, or make screenshots RUN=folder"; exit 1; }
	$(BIN)/python docs/screenshots.py "$(RUN)"

clean:
	rm -rf $(VENV) build dist *.egg-info

# A stamp for each set of extras: a change of pyproject.toml or constraints.txt installs again, nothing else does.
$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Worldloom needs Python 3.11 to 3.13: none is on the PATH"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	  || { echo "Worldloom needs Python 3.11 to 3.13, and $(PYTHON) is another: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making $(VENV)"
	@"$(PYTHON)" -m venv "$(VENV)"

$(VENV)/.run: EXTRAS := run,view
$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Worldloom into $(VENV) ($(PATIENCE))"
	$(INSTALL)
	@touch $@

$(VENV)/.test: EXTRAS := run,view,test
$(VENV)/.test: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Worldloom and its test tools into $(VENV) ($(PATIENCE))"
	$(INSTALL)
	@touch $@ $(VENV)/.run

$(VENV)/.dev: EXTRAS := run,view,test,dev,docs
$(VENV)/.dev: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Worldloom and its development tools into $(VENV) ($(PATIENCE))"
	$(INSTALL)
	@touch $@ $(VENV)/.run $(VENV)/.test $(VENV)/.docs

$(VENV)/.docs: EXTRAS := run,docs
$(VENV)/.docs: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Worldloom and what its site is made with into $(VENV) ($(PATIENCE))"
	$(INSTALL)
	@touch $@
