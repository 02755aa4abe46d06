#!/usr/bin/env bash
# Linters, types, import contract, the suite on SQLite, and its database-sensitive part again on PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."
export DJANGO_SETTINGS_MODULE=portal.settings.test
# what Python compiles, it compiles once for all workers, servers and runs: packages come here without it
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=$PWD/build/pycache
bin=.venv/bin

lint() {
  echo "== ruff"; $bin/ruff check -q .; $bin/ruff format --check -q .
  echo "== import contract"; $bin/lint-imports --no-cache 2>&1 | tail -n 8
  echo "== mypy"; $bin/mypy
  echo "== migrations"; $bin/python manage.py makemigrations --check --dry-run
}
if [ "${1:-}" = lint ]; then lint; exit 0; fi

# beside the tests, which begin with one worker that migrates while the others wait for it
mkdir -p build
lint > build/lint.txt 2>&1 &
linting=$!
# The database-sensitive part first, where PostgreSQL is: its counts stand above the whole suite's.
echo "== PostgreSQL"
mapfile -t sensitive < <(grep -rl --include='*.py' 'mark\.databases' tests)
$bin/python tools/with_postgres.py $bin/pytest -q -m databases "${sensitive[@]}" --create-db -n "${TEST_WORKERS:-$(($(nproc) + 1))}" --dist loadfile --no-loadscope-reorder -p no:cacheprovider
wait "$linting" || { cat build/lint.txt; exit 1; }
cat build/lint.txt
echo "== the whole suite on SQLite"
$bin/pytest -q -n "${TEST_WORKERS:-$(($(nproc) + 1))}" --dist loadfile --no-loadscope-reorder -p no:cacheprovider
