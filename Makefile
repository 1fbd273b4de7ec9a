# The two commands of the README are `make chat` and `make test`; both need only Python and a shell.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed

# What the sample golden set must reach; measured: .813 .853 .660 .615 .830, and 1 for the rest.
BARS := ndcg@10=.78 recall@5=.82 answer_hit=.63 abstention_recall=.6 auroc=.80 \
	exactness=1 citation_recall=1 citation_precision=1

# The data that the benchmarks measure on, and the peers' environment.
DATA ?= ../shared/data
BENCH := .venv/bench

.PHONY: setup chat try-model test bench bench-verification lint format constraints clean

setup: $(INSTALLED)

chat: setup
	@$(BIN)/beleg serve || [ $$? = 130 ] # that is Ctrl-C

# The chat with a scripted language model, which needs no key; tests/scripted_model.py has BEHAVIOURs.
try-model: setup
	@$(BIN)/python tests/scripted_model.py $(BEHAVIOUR) || [ $$? = 130 ]

test: setup lint
	@sh tests/install_browser.sh
	@$(BIN)/pytest -n 2
	@$(BIN)/beleg index index/samples --store .venv/samples --rebuild >/dev/null
	@$(BIN)/beleg eval rag/evaluation/golden_samples.jsonl --store .venv/samples \
		--report .venv/report $(addprefix --fail-under ,$(BARS))

# Beleg beside its peers, with and without the answer in the archive, at 100,000 paragraphs: an hour.
bench: $(BENCH)/installed
	@$(BENCH)/bin/python tests/bench/peers.py $(DATA) --scale
	@$(BENCH)/bin/python tests/bench/withheld.py $(DATA)
	@$(BENCH)/bin/python tests/bench/scale.py $(DATA)

# What the check of a language model's sentences lets through, and what it catches: three minutes.
bench-verification: setup
	@$(BIN)/python tests/bench/verification.py $(DATA)

lint: setup
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy

format: setup
	@$(BIN)/ruff check --fix --quiet --exit-zero
	@$(BIN)/ruff format --quiet

# Newest versions that fit pyproject.toml, for every system and Python we support.
constraints:
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-header \
		--no-annotate --no-emit-index-url --extra dev pyproject.toml -o constraints.txt

# LlamaIndex's retriever needs an older PyStemmer than ours, so the peers live apart.
$(BENCH)/installed: pyproject.toml constraints.txt $(INSTALLED)
	@$(PYTHON) -m venv $(BENCH)
	@grep -vi '^pystemmer==' constraints.txt > $(BENCH)/constraints.txt
	@PIP_CONSTRAINT=$(BENCH)/constraints.txt $(BENCH)/bin/pip install -qq \
		--disable-pip-version-check --editable '.[bench]'
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Beleg needs Python 3.11 or newer, not " + sys.version.split()[0] + ": make PYTHON=python3.13" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up .venv (about a minute, once)"
	@$(PYTHON) -m venv .venv
	@PIP_CONSTRAINT=constraints.txt $(BIN)/pip install -qq --disable-pip-version-check --editable '.[dev]'
	@touch $@
