# The workshop. Tools come from the environment of the README's test command; elsewhere: make BIN=folder
BIN ?= .venv/bin
FLOOR ?= model

.DEFAULT_GOAL := help
.PHONY: help fast check bench docs

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

fast: ## after every change: lint, types, and the quick tests of FLOOR=model, optimizer, kilnpath or house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -m "not slow" tests/$(FLOOR)

check: ## before a commit is handed on: what CI runs, all tests with lint and types, and how much of the code they reach
	$(BIN)/pytest --cov

bench: ## time what matters, as ratios within one run; some 20 minutes, with nothing else on the machine
	$(BIN)/python -m benchmarks.run

docs: ## make the documentation site in site/, where a warning is an error
	$(BIN)/sphinx-build -W -c docs . site
