# Every command of the project. The same ones run by hand, in hooks and in CI.
PYTHON ?= python3
PIP = .venv/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run install index test miniprogram screenshots check format evals calibrate bench sbom audit image-size lock clean
MINIPROGRAM = examples/miniprogram
BROWSER_TESTS = tests/browser
# What serving needs and nothing else, as in the image; with EXTRAS=postgres,redis,wechat more.
comma := ,
SERVING = build/serving$(addprefix -,$(subst $(comma),-,$(EXTRAS)))
SBOM = build/sbom.json
# Against the schema of CycloneDX; takes longer than all the rest.
SBOM_CHECK = --validate

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: install ## install what serving needs and serve the chat page at http://127.0.0.1:8000
	.venv/bin/wengong serve

install: .venv/.installed ## make .venv with the command wengong in it

index: install ## build and publish the index of all handbooks
	.venv/bin/wengong index

test: .venv/.installed-test ## install the test dependencies and run every test
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(MINIPROGRAM)/node_modules/.installed $(BROWSER_TESTS)/node_modules/.installed; else echo "没有 Node.js，小程序和无障碍的测试会跳过"; fi
	.venv/bin/pytest

screenshots: .venv/.installed-test ## take the pictures of docs/widget.md and docs/console.md again
	.venv/bin/python -m tests.browser.screenshots
	.venv/bin/python -m tests.browser.console_screenshots

miniprogram: $(MINIPROGRAM)/node_modules/.installed ## run the example mini-program's own tests and type check
	cd $(MINIPROGRAM) && npm test && npm run types

check: .venv/.installed-check ## format, lint, types, dependencies and import contracts
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/deptry .
	.venv/bin/lint-imports --no-cache

format: .venv/.installed-check ## rewrite the code the way make check wants it
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

evals: .venv/.installed-evals ## measure retrieval accuracy on the dev half and hold it against its gates and baseline
	.venv/bin/wengong eval run --gates eval/gates.toml --baseline eval/baselines/worker-questions

calibrate: .venv/.installed-evals ## fit weights and thresholds again
	.venv/bin/wengong eval calibrate

bench: install ## measure index and answers at growing numbers of made-up handbooks (SIZES=1,100,1000)
	.venv/bin/python -m benchmarks run --sizes $(or $(SIZES),1,100,1000)

sbom: $(SERVING)/.installed .venv/.installed-release ## write the parts list (CycloneDX JSON) of what serving needs to build/sbom.json
	@mkdir -p $(dir $(SBOM))
	.venv/bin/cyclonedx-py environment $(SERVING)/bin/python --pyproject pyproject.toml --output-reproducible $(SBOM_CHECK) --output-format JSON --output-file $(SBOM)

audit: .venv/.installed-release ## look up every pinned package among known vulnerabilities; says so when that cannot be done here
	.venv/bin/python deploy/audit.py $(AUDIT)

image-size: $(SERVING)/.installed ## install what the image holds, trim it, and say how large it is
	.venv/bin/python deploy/image_size.py $(EXTRAS)
	@find $(SERVING)/lib -type f -printf '%s\n' | awk '{ bytes += $$1 } END { printf "%8.1f MB  as installed and trimmed in $(SERVING)\n", bytes / 1e6 }'

lock: .venv/.installed-test .venv/.installed-check ## write down the versions that are installed now
	.venv/bin/pip freeze --exclude-editable | grep -v -i '^torch==' > constraints.txt

clean: ## remove everything that was made here
	rm -rf .venv build data $(MINIPROGRAM)/node_modules $(BROWSER_TESTS)/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

%/node_modules/.installed: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 以上：make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

.venv/.installed-test: .venv/.installed
	$(PIP) --editable '.[models,evals,peers,postgres,redis,training,wechat,release,test]'
	@touch $@

.venv/.installed-evals: .venv/.installed
	$(PIP) --editable '.[evals]'
	@touch $@

.venv/.installed-check: .venv/.installed
	$(PIP) --editable '.[evals,postgres,redis,wechat,check]'
	@touch $@

.venv/.installed-release: .venv/.installed
	$(PIP) --editable '.[release]'
	@touch $@

build/%/.installed: pyproject.toml constraints.txt deploy/trim.sh
	rm -rf build/$*
	$(PYTHON) -m venv build/$*
	build/$*/bin/pip install --quiet --disable-pip-version-check --no-compile --only-binary :all: --constraint constraints.txt '.$(EXTRAS:%=[%])'
	sh deploy/trim.sh build/$*
	@touch $@
