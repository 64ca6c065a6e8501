# Every command of the project. Each does its own set-up; a second run takes seconds.

PYTHON ?= python3
BIN := .venv/bin
CHECKED := apps config benchmarks scripts tests conftest.py manage.py

.PHONY: demo test studio lock clean help
help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

demo: .venv/ready ## make a short from a brief, from nothing, and show where it is
	@$(BIN)/python -m scripts.demo

studio: .venv/ready ## everything up at http://127.0.0.1:8000 until Ctrl-C
	@$(BIN)/python manage.py studio

test: .venv/ready-dev ## everything that CI checks
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m scripts.check_migrations
	$(BIN)/pytest -q -n 2 --dist loadgroup

bench-%: .venv/ready-dev ## print BENCH lines: bench-render, bench-jobs, bench-demo
	@$(BIN)/python -m benchmarks.$(subst -,_,$*)

lock: ## resolve requirements*.in into pinned requirements*.txt
	$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install -q pip-tools
	.venv-lock/bin/pip-compile -q --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host requirements.in
	.venv-lock/bin/pip-compile -q --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host requirements-dev.in
	rm -rf .venv-lock

clean: ## remove everything that was made, the embedded databases too
	rm -rf .venv var

.venv/ready: requirements.txt scripts/setup.sh
	@PYTHON=$(PYTHON) sh scripts/setup.sh requirements.txt
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt scripts/setup.sh
	@PYTHON=$(PYTHON) sh scripts/setup.sh requirements-dev.txt --tests
	@touch $@
