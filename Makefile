# Поруч. `make run` and `make test` need nothing but Debian and Python 3.11.
PORT ?= 8000
VAR ?= var
PY := .venv/bin/python
# any free one; ELASTICSEARCH_PORT=9200 for a fixed one
ELASTICSEARCH_PORT ?= 0
export PORT

.PHONY: help run test lint reference lock messages bench check-standards elasticsearch

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

run: ## Set everything up and serve the portal with real data on http://127.0.0.1:$(PORT)/
	@tools/setup.sh run
	@$(PY) manage.py prepare
	@exec $(PY) manage.py serve --port $(PORT)

test: ## Set everything up and pass the whole suite
	@tools/setup.sh test
	@tools/test.sh

lint: ## Only the linters, the types and the import contract
	@tools/setup.sh test
	@tools/test.sh lint

reference: ## Make the reference tables again from the packages they come from
	@tools/setup.sh test
	$(PY) tools/build_reference.py

lock: ## Pin requirements/*.in again
	@tools/setup.sh test
	for list in base dev; do .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header \
	  --no-emit-index-url --no-emit-find-links --no-annotate requirements/$$list.in -o requirements/$$list.txt; done

messages: ## Collect messages for translation and compile the catalogues
	@tools/setup.sh test
	$(PY) tools/messages.py

bench: ## Measure pages, joining, competitions, contracts, figures, ranking, import, export and search on large generated registers
	@tools/setup.sh test
	$(PY) bench/bench_pages.py
	$(PY) bench/bench_joining.py
	$(PY) bench/bench_competitions.py
	$(PY) bench/bench_contracts.py
	$(PY) bench/bench_figures.py
	$(PY) bench/bench_ranking.py
	$(PY) bench/bench_import.py
	$(PY) bench/bench_export.py
	$(PY) bench/bench_search.py

check-standards: ## Check open data and APIs of the installation in VAR by the tools of the standards
	@tools/setup.sh test
	$(PY) bench/check_all.py --var $(VAR)

elasticsearch: ## Start the Elasticsearch node of the tests and print its address
	@tools/setup.sh run
	@exec $(PY) tools/elasticsearch/elasticsearch_node.py --port $(ELASTICSEARCH_PORT)
