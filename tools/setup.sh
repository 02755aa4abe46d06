#!/usr/bin/env bash
# Sets up .venv with what is pinned in requirements/, and the few Debian packages the portal draws on.
# Usage: tools/setup.sh run|test. Fast when nothing changed; says plainly what is missing when it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-run}

say() { printf '· %s\n' "$*" >&2; }
fail() { printf '\n✗ %s\n' "$*" >&2; exit 1; }

privileged() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n true 2>/dev/null; then sudo "$@"; else return 1; fi
}

refreshed=
debian() { # install Debian packages where we may
  command -v apt-get >/dev/null || return 1
  [ -n "$refreshed" ] || { privileged apt-get update -qq >/dev/null 2>&1 || return 1; refreshed=yes; }
  say "installing Debian packages: $*"
  privileged env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }

# Python
python=
for candidate in python3.11 python3 python3.12 python3.13; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate; break
  fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is missing (Debian: apt-get install python3)."

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c '' 2>/dev/null; then
  say "creating .venv with $("$python" --version)"
  rm -rf .venv
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    rm -rf .venv
    debian python3-venv && "$python" -m venv .venv >/dev/null \
      || fail "Python's venv module is missing (Debian: apt-get install python3-venv)."
  fi
fi

# Python packages: one digest of the pinned lists says whether anything is to be done
lists=(requirements/base.txt)
[ "$purpose" = test ] && lists+=(requirements/dev.txt)
digest=$(cat "${lists[@]}" | sha256sum | cut -c1-16)
stamp=.venv/.installed-$purpose-$digest
if [ ! -e "$stamp" ]; then
  say "installing Python packages"
  [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv \
    || fail "The Python package uv could not be installed: is the package registry reachable?"
  arguments=(); for list in "${lists[@]}"; do arguments+=(-r "$list"); done
  .venv/bin/uv pip install --quiet --python .venv/bin/python "${arguments[@]}" \
    || fail "Python packages could not be installed: is the package registry reachable?"
  rm -f .venv/.installed-"$purpose"-*
  touch "$stamp"
fi

# Pango draws the PDFs
if ! has_library 'libpangoft2-1\.0' || ! has_library 'libharfbuzz-subset'; then
  debian libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    || say "PDFs need Pango, which I may not install here: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
fi

if [ "$purpose" = test ]; then
  command -v chromium-headless-shell >/dev/null || debian chromium-headless-shell \
    || command -v chromium >/dev/null || debian chromium \
    || say "browser tests will be skipped: Chromium is missing (apt-get install chromium)"
  [ -d /usr/lib/postgresql/15/bin ] || debian postgresql-15 \
    || say "PostgreSQL tests will be skipped: it is missing (apt-get install postgresql-15)"
  { command -v msgfmt && command -v pdffonts; } >/dev/null || debian gettext poppler-utils \
    || say "catalogue and PDF checks will be skipped: gettext and poppler-utils are missing"
fi
