# Two commands: `make site` builds the book and serves it, `make test` checks everything.

PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c '$(SUITABLE)' 2>/dev/null && echo $$python && break; done)
SUITABLE := import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
# The shell is Chromium without its windows: the pages' tests take half of the processor's time.
CHROMIUM ?= $(firstword $(foreach name,chromium-headless-shell chromium chromium-browser google-chrome,\
	$(shell command -v $(name))))
BIN := .venv/bin
READY := .venv/.ready
FRAMEWORKS := .venv/.frameworks
# MXNet's threads spin: on a shared machine two processes of one thread beat one of two.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/pytest -n 2
export CHROMIUM

.PHONY: site html test lint js unit cells pages faults matrix colab frameworks torch soak bundles \
	engine notebooks lab screenshots lighthouse lock clean chromium

site: html
	@echo 'The book, until Ctrl-C:'
	@$(BIN)/python -u -m http.server 0 --bind 127.0.0.1 --directory _build/html

html: $(READY)
	rm -rf _build/html
	$(BIN)/jupyter-book build . -W -n --keep-going --all

# Each part waits now and then, for a process, a kernel or a page: three at once leave no core idle.
# The longest come first; what a part printed comes when it ends.
test: $(READY) chromium
	$(MAKE) -j 2 --output-sync=target lint js html
	$(MAKE) -j 3 --output-sync=target pages faults unit matrix frameworks cells colab

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

unit: $(READY)
	$(PYTEST) --dist loadfile tests --ignore tests/test_site.py --ignore tests/browser \
		--ignore tests/faults --ignore tests/environments --ignore tests/frameworks

cells: $(READY)
	LRBOOK_SMOKE=1 $(PYTEST) --dist loadfile --nbval-lax --nbval-current-env --durations 10 notebooks

# Make starts a part whose prerequisites have recipes after those without: this one is the longest.
pages: $(READY)
	@$(MAKE) --no-print-directory chromium
	$(PYTEST) --dist loadgroup tests/test_site.py tests/browser

js: $(READY)
	$(BIN)/node --test 'tests/js/*.test.js'

bundles: $(READY)
	cd vendor && ../$(BIN)/npm ci --ignore-scripts
	$(BIN)/node vendor/bundles.mjs
	$(BIN)/python -m lrbook.making.outputs --refresh-panels

# The compiler has an environment of its own: the book needs it for nothing else.
engine: $(READY)
	'$(PYTHON)' -m venv _build/compiler
	_build/compiler/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--require-hashes -r vendor/compiler.txt
	$(BIN)/node vendor/engine.mjs

soak: $(READY)
	$(BIN)/pytest -s --soak tests/kernels tests/faults/test_kills.py \
		tests/environments/test_matrix.py

faults: $(READY)
	$(PYTEST) tests/faults

matrix: $(READY)
	$(BIN)/pytest -s tests/environments/test_matrix.py

colab: $(READY)
	$(BIN)/pytest -s tests/environments/test_colab.py

# Beside the book's own packages, in the same environment: 484 MB, which `make site` doesn't need.
$(FRAMEWORKS): requirements-frameworks.txt $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r requirements-frameworks.txt
	@touch $@

frameworks: $(FRAMEWORKS)
	$(PYTEST) tests/frameworks

# PyTorch and its CUDA, 2.6 GB, have an environment of their own.
torch: $(READY)
	'$(PYTHON)' -m venv _build/torch
	_build/torch/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--require-hashes -r requirements-torch.txt
	_build/torch/bin/python -m lrbook.frameworks.compare pytorch transformers
	_build/torch/bin/python -m lrbook.frameworks.plateau

notebooks: $(READY)
	$(BIN)/python -m lrbook.making.outputs

lab: $(READY)
	$(BIN)/jupyter lab notebooks

screenshots: html chromium
	$(BIN)/python -m tests.browser.screenshots

lighthouse: html chromium
	npm ci --ignore-scripts --prefix benchmarks
	CHROME_PATH='$(CHROMIUM)' $(BIN)/python -m benchmarks.lighthouse

lock:
	@command -v uv >/dev/null || { echo 'make lock needs uv: pip install uv'; exit 1; }
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
		--generate-hashes --no-annotate --upgrade --custom-compile-command 'make lock' \
		--output-file requirements.txt
	for group in frameworks torch; do \
		uv pip compile --group pyproject.toml:$$group --constraint requirements.txt --universal \
			--python-version 3.11 --generate-hashes --no-annotate --upgrade \
			--custom-compile-command 'make lock' --output-file requirements-$$group.txt || exit; \
	done
	'$(PYTHON)' -P lrbook/mxnet_today/cuda.py | uv pip compile - --no-deps --python-version 3.11 \
		--generate-hashes --no-annotate --upgrade --custom-compile-command 'make lock' \
		--output-file requirements-gpu.txt

clean:
	rm -rf .venv _build .pytest_cache .ruff_cache .hypothesis benchmarks/node_modules

chromium:
	@test -n '$(CHROMIUM)' || { echo 'The browser tests need Chromium: apt-get install chromium,' \
		'or set CHROMIUM to the path of a Chrome or Chromium.'; exit 1; }

$(READY): requirements.txt
	@'$(PYTHON)' -c '$(SUITABLE)' 2>/dev/null || { echo 'The book needs Python 3.11, 3.12 or 3.13' \
		'with its venv module: apt-get install python3-venv, or set PYTHON to such a Python.'; exit 1; }
	'$(PYTHON)' -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r requirements.txt
	@# Relative to site-packages: this folder, so that notebooks/ and tests/ can import lrbook.
	@echo ../../../.. > $$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/lrbook.pth
	@touch $@
