# Every target runs inside .venv, which is made from requirements.lock on first use
# and left alone until the lock or the Python version changes.
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON    ?= python3
RAW       ?= data/raw
PROCESSED ?= data/processed
REPORTS   ?= reports
LANGUAGE  ?=
MONTH     ?=
EXTRAS    ?=

VENV  := .venv
PY    := $(VENV)/bin/python
LOCKS := requirements.lock $(patsubst %,requirements-%.lock,$(EXTRAS))
# contents and interpreter, not times: a git checkout neither forces nor hides an install
KEY   := $(shell { cat $(LOCKS); $(PYTHON) -V; } 2>&1 | sha256sum | cut -c1-12)
STAMP := $(VENV)/.ok-$(KEY)
INSTALL = $(PY) -m pip install -q --disable-pip-version-check

# nothing from the user's home may change a report
export IPYTHONDIR := $(CURDIR)/$(VENV)/ipython
export MPLCONFIGDIR := $(CURDIR)/$(VENV)/matplotlib
export JUPYTER_CONFIG_DIR := $(CURDIR)/$(VENV)/jupyter
export PYTHONNOUSERSITE := 1
# uncompiled packages would be compiled anew by every process
unexport PYTHONDONTWRITEBYTECODE

OPTIONS = --raw "$(RAW)" --processed "$(PROCESSED)" --reports "$(REPORTS)" \
	$(if $(MONTH),--month $(MONTH)) $(if $(LANGUAGE),--language $(LANGUAGE))

.PHONY: help monthly-report clean-data test lab lock sample docs fuzz bench

help: ## this list
	@echo "make TARGET [VARIABLE=value ...]"
	@echo
	@awk -F':.*## ' '/^[a-z][a-zA-Z%-]*:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  report-NAME      one report: $(patsubst notebooks/%.ipynb,report-%,$(wildcard notebooks/*.ipynb))"
	@echo
	@echo "  MONTH=2026-10    the month to report on (default: the latest complete month in the data)"
	@echo "  RAW=data/raw     the folder with the workbooks"
	@echo "  REPORTS=reports  the folder the PDFs go to"
	@echo "  LANGUAGE=en      reports in English (default: Chinese)"

monthly-report: $(STAMP) ## workbooks in data/raw -> tidy tables -> PDFs in reports/
	@$(PY) -m mktanalytics monthly-report $(OPTIONS)

report-%: $(STAMP)
	@$(PY) -m mktanalytics report $* $(OPTIONS)

clean-data: $(STAMP) ## only clean: workbooks -> tidy tables in data/processed
	@$(PY) -m mktanalytics clean --raw "$(RAW)" --processed "$(PROCESSED)"

lab: $(STAMP) ## JupyterLab on the notebooks
	@$(PY) -m jupyterlab --notebook-dir=notebooks

test: $(STAMP) ## every check: format, lint, types, tests
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) -m pytest -n 2 $(ARGS)

sample: $(STAMP) ## write the sample company anew (bit for bit the same)
	@$(PY) examples/generate.py

docs: $(STAMP) ## write docs/dictionary.md, metrics.md and messages.md anew from the code
	@$(PY) -m mktanalytics dictionary --language zh > docs/dictionary.md
	@$(PY) -c "from mktanalytics.publish.reference import metrics_reference as text; print(text(), end='')" > docs/metrics.md
	@$(PY) -c "from mktanalytics.publish.messages import messages_reference as text; print(text(), end='')" > docs/messages.md

fuzz: $(STAMP) ## 5,000 hostile workbooks, 1,000 damaged files of every format, runs killed 30 times (about an hour)
	@MKTANALYTICS_FUZZ=5000 MKTANALYTICS_MUTATIONS=1000 MKTANALYTICS_KILLS=30 $(PY) -m pytest -rP -n 2 tests/test_hostile.py tests/test_ingest_properties.py tests/test_read*.py tests/test_hold_r*.py tests/test_store.py $(ARGS)

bench: $(STAMP) ## measure speed and memory into benchmarks/results.md (BENCH_ROWS=100000000 for the largest; about 20 minutes)
	@$(PY) benchmarks/rollups.py
	@$(PY) benchmarks/ingest.py

lock: ## renew requirements*.lock (needs a network; the only target that needs uv)
	$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install -q uv
	$(VENV)-lock/bin/uv pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-annotate \
		--no-header --extra dev pyproject.toml -o requirements.lock
	for extra in spark ibis; do $(VENV)-lock/bin/uv pip compile -q -U --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --extra $$extra -c requirements.lock \
		$$(sed -n 's/^\([a-z0-9][^=]*\)==.*/--no-emit-package \1/p' requirements.lock) \
		pyproject.toml -o requirements-$$extra.lock || exit 1; done

$(STAMP): | $(LOCKS)
	@echo "Setting up $(VENV) from $(LOCKS) (once; about a minute) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(INSTALL) --only-binary :all: --require-hashes -r requirements.lock
	@$(foreach extra,$(EXTRAS),$(INSTALL) --no-deps --no-build-isolation --require-hashes -r requirements-$(extra).lock &&) true
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@$(PY) -c "import matplotlib.font_manager"
	@touch $@
