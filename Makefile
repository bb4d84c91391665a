# Requires only make and Python 3.11 or newer. `make` without a target lists the targets.
PYTHON ?= python3
VENV := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help install demo dev test lint format shell manage bench drills audit clean

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

install: ## Create .venv and install all packages into it
	@$(PYTHON) platform/embedded/bootstrap.py

demo: install ## Run a demo until Ctrl-C; settings: PORT=8000 DEMO_HOME=.local DB_* REDIS_URL EMAIL_URL
	@$(VENV) -m embedded.demo

dev: install ## Run the demo with live reloading of changed code; same settings
	@$(VENV) -m embedded.demo --reload

test: install ## Run all tests; ARGS="..." is passed to pytest
	@$(VENV) -m embedded.run_tests $(ARGS)

lint: install ## Check style, types, imports, links in documents and the CI workflow
	@$(VENV) -m embedded.lint

format: install ## Format the code and apply the fixes of the linters
	@$(VENV) -m embedded.lint --fix

shell: install ## Open a Python shell in the running demo
	@$(VENV) -m embedded.manage shell

manage: install ## Run manage.py in the running demo: ARGS="showmigrations"
	@$(VENV) -m embedded.manage $(ARGS)

bench: install ## Run the benchmarks; ARGS="..." is passed to pytest
	@$(VENV) -m pytest tests/benchmarks -p no:randomly $(ARGS)

drills: install ## Run fault, race and property tests at full size (tests/drills/README.md); ARGS="..." is passed to pytest
	@TEST_PROFILE=full $(VENV) -m pytest tests tests/drills -m "drill or property or browser" -p no:randomly $(ARGS)

audit: install ## Measure the patients' pages and book in other browsers (tests/audit/README.md); ARGS="..." is passed to pytest
	@$(VENV) -m pytest tests/audit -p no:randomly $(ARGS)

clean: ## Remove everything that make created
	@$(PYTHON) platform/embedded/bootstrap.py clean
