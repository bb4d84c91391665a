# Only make and Python 3.11 or newer are assumed. `make` alone lists what there is.
PYTHON ?= python3
VENV := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help install demo test lint format shell manage bench drills clean

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

install: ## Make .venv with everything the project needs
	@$(PYTHON) platform/embedded/bootstrap.py

demo: install ## Run everything here until Ctrl-C: PORT=8000, DEMO_HOME=.local, DB_*, REDIS_URL, EMAIL_URL
	@$(VENV) -m embedded.demo

test: install ## Run all tests: ARGS="..." goes to pytest
	@$(VENV) -m embedded.testing $(ARGS)

lint: install ## Check style, types and the direction of imports
	@$(VENV) -m embedded.linting

format: install ## Lay the code out, and mend what the linters can mend
	@$(VENV) -m embedded.linting --mend

shell: install ## Open a Python shell in the running demo
	@$(VENV) -m embedded.manage shell

manage: install ## Run manage.py in the running demo: ARGS="showmigrations"
	@$(VENV) -m embedded.manage $(ARGS)

bench: install ## Measure: tests/benchmarks, ARGS="..." goes to pytest
	@$(VENV) -m pytest tests/benchmarks -p no:randomly $(ARGS)

drills: install ## Break things on purpose, and try all examples: tests/drills/README.md, ARGS="..." goes to pytest
	@TEST_PROFILE=full $(VENV) -m pytest tests tests/drills -m "drill or property" -p no:randomly $(ARGS)

clean: ## Remove everything that make made
	@$(PYTHON) platform/embedded/bootstrap.py clean
