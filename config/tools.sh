#!/bin/sh
# What the tests need beyond Python and Node: Chromium, readers of PDF and of their seals, a hardware module in software,
# PostgreSQL's binaries. Installs it where it may.
set -eu
missing=""
has() { command -v "$1" >/dev/null 2>&1; }

[ -n "${CHROMIUM:-}" ] || has chromium || has chromium-browser || has google-chrome || missing="$missing chromium"
{ has pdfsig && has pdffonts && has pdftotext; } || missing="$missing poppler-utils"
has certutil || missing="$missing libnss3-tools"
has qpdf || missing="$missing qpdf"
has mutool || missing="$missing mupdf-tools"
has softhsm2-util || missing="$missing softhsm2"
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && has apt-get; then
    echo "installing$missing"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
  else
    echo "The tests need$missing: install with root's rights, on Debian by apt-get install$missing (CHROMIUM may name a browser)." >&2
    exit 1
  fi
fi
if ! .venv/bin/python -c 'import sys; from tests import postgres; sys.exit(postgres.binaries() is None)'; then
  echo "installing PostgreSQL's binaries into .venv"
  .venv/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-postgres.lock
fi
