# What people and CI run. `make demo` and `make test` need Python >= 3.11, git and make, nothing else.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.synced
DEMO   := .demo

.PHONY: demo test tools check lint types imports generated wheel pythons bench clean

demo: $(STAMP)  ## build a small organization, assess it, leave assessment.html
	@$(BIN)/python tests/demo/build.py $(DEMO)
	@$(BIN)/idp-assess scan $(DEMO) --output $(DEMO)/assessment --jobs 0
	@$(BIN)/idp-assess report $(DEMO)/assessment/assessment.json --format html > assessment.html.partial && mv assessment.html.partial assessment.html
	@echo "The page for your browser: $(CURDIR)/assessment.html"

test: $(STAMP)  ## the tests; those that need a tool from `make tools` say so and are skipped without it
	@$(BIN)/pytest -n auto --dist loadfile

tools:  ## build the real tools that some tests need (Go; about nine minutes the first time)
	@tests/tools/build

check: lint types imports generated test wheel  ## everything that .ci/run runs, but for the tools

lint: $(STAMP)
	@$(BIN)/ruff check assess tests
	@$(BIN)/ruff format --check assess tests

types: $(STAMP)
	@$(BIN)/mypy

imports: $(STAMP)
	@$(BIN)/lint-imports --no-cache

generated: $(STAMP)  ## generated files are fresh, and every rule's examples hold
	@$(BIN)/python docs/generate.py --check
	@$(BIN)/idp-assess pack check

wheel: $(STAMP)  ## build the wheel, install it alone, scan a repository with it
	@$(BIN)/python -m tests.installed

pythons: $(STAMP)  ## the unit tests on every other supported Python that this machine has
	@tests/tools/pythons

bench: $(STAMP)  ## ratios against named peers in the same run
	@$(BIN)/python -m tests.bench

# uv, pinned, makes the environment from uv.lock with its hashes; where there is none, a private copy is installed first.
$(STAMP): uv.lock pyproject.toml
	@command -v uv >/dev/null 2>&1 || test -x .uv/bin/uv || { $(PYTHON) -m venv .uv && .uv/bin/pip install -q uv==0.13.8; }
	@PATH="$(CURDIR)/.uv/bin:$$PATH" uv sync --locked --quiet --python "$$(command -v $(PYTHON))"
	@touch $@

clean:
	rm -rf $(VENV) .uv $(DEMO) assessment.html dist
