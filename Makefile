# `make run` and `make test` are all that a new user needs; both prepare .venv first.
PYTHON ?= python3
PORT ?= 7860
INDEX ?= index
SET ?= selqa
Q ?= How many overseas police stations does China operate?
export Q
BIN := .venv/bin
TOOLS := build/tools/bin
TORCH = $(shell grep '^torch==' requirements.txt)

.PHONY: run ask test test-haystack-2 lint spans reader evaluate benchmark soak lock sbom audit clean

run: .venv/ready
	$(BIN)/python -m rag add seeds --index $(INDEX)
	$(BIN)/python app.py --index $(INDEX) --port $(PORT)

# silence is an answer too: only an error fails
ask: .venv/ready
	@$(BIN)/python -m rag add seeds --index $(INDEX) > /dev/null
	@$(BIN)/python -m rag ask "$$Q" --index $(INDEX) || test $$? -eq 1

# two at a time, a file each; those that start a cluster are in `make soak`
test: .venv/ready-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not cluster"

# the component for Haystack 3 in Haystack 2
test-haystack-2: .venv/haystack-2
	PYTHONPATH=$< $(BIN)/python -m pytest tests/adapters/test_haystack.py

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# trains the span reader, on a GPU in minutes; TEACHER=FOLDER names a larger model that teaches it; goes on where it was stopped (docs/reader.md)
spans: .venv/ready-dev
	$(BIN)/python -m rag.training spans $(or $(DATA),../shared/data) --work build/training $(if $(TEACHER),--teacher $(TEACHER))

# fits what chooses by the span reader, and says what weights made so reach on articles that they did not see; CHECK=--check only compares
reader: .venv/ready-dev
	$(BIN)/python -m rag.training choice $(or $(DATA),../shared/data) --work build/training $(CHECK)

# asks the gold questions of a SET in DATA (selqa, clapnq or news) and leaves the report in build/evaluation; EVAL= adds options of `eval`
evaluate: EVALUATION = build/evaluation/$(SET)
evaluate: SETS = $(or $(DATA),../shared/data)
evaluate: .venv/ready
	@mkdir -p $(EVALUATION)
	case $(SET) in \
	selqa) $(BIN)/pullquote convert selqa $(SETS)/selqa/selqa-ass-dev.json $(EVALUATION) --force ;; \
	clapnq) $(BIN)/pullquote convert clapnq $(SETS)/clapnq $(EVALUATION) --force ;; \
	news) cp $(SETS)/news-dev/corpus.jsonl $(EVALUATION)/articles.jsonl && cp $(SETS)/news-dev/gold.jsonl $(EVALUATION) ;; \
	*) echo "SET is selqa, clapnq or news, not '$(SET)'"; exit 2 ;; \
	esac
	$(BIN)/pullquote add $(EVALUATION)/articles.jsonl --index $(EVALUATION)/index
	$(BIN)/pullquote eval $(EVALUATION)/gold.jsonl --index $(EVALUATION)/index --out $(EVALUATION) $(EVAL)

# what takes hours: damage, a fault at every write, kills, a crowd, thousands of questions, visitors, hostile text and documents, and an archive on servers, which needs PostgreSQL (docs/reliability.md); SHORT=1 does a tenth
soak: TENTH = $(if $(SHORT),,0)
soak: .venv/ready-dev
	@rm -rf build/soak && mkdir -p build/soak/faults
	$(BIN)/python -m benchmarks.damage --changes 300$(TENTH)
	gcc -shared -fPIC -O1 -o build/soak/faults.so tests/faults.c -ldl
	LD_PRELOAD=build/soak/faults.so $(BIN)/python -m tests.faulty build/soak/faults $(if $(SHORT),10,1)
	$(BIN)/python -m benchmarks.kills --kills 50$(TENTH) --copies 10$(TENTH)
	$(BIN)/python -m benchmarks.resumed --files 100$(TENTH) --kills 2$(TENTH)
	$(BIN)/python -m benchmarks.copied --articles 100$(TENTH) --kills 5$(TENTH)
	$(BIN)/python -m benchmarks.crowd --minutes 1$(TENTH)
	$(BIN)/python -m benchmarks.steady --questions 1000$(TENTH)
	$(BIN)/python -m benchmarks.turns --turns 50$(TENTH)
	$(BIN)/python -m benchmarks.hostile $(if $(SHORT),--every 10)
	$(BIN)/python -m benchmarks.adversarial $(if $(SHORT),--size 50000)
	$(BIN)/python -m benchmarks.bad_documents --copies $(if $(SHORT),2,20)
	$(BIN)/python -m pytest tests/test_workers.py -m cluster
	$(BIN)/python -m benchmarks.same_answers $(DATA)
	$(BIN)/python -m benchmarks.shared_kills --kills 10$(TENTH)
	$(BIN)/python -m benchmarks.shared_crowd --minutes $(if $(SHORT),.5,5)

# DATA is a JSONL file of articles, or a folder of them; at least 1,000 make the figures worth reading
benchmark: .venv/ready-bench
	$(BIN)/python -m benchmarks.archive $(DATA)
	$(BIN)/python -m benchmarks.cold_start $(DATA)

# renews the locks after requirements.txt was changed; packages that the tests pin have the version that is tested
lock: build/tools
	rm -rf build/locked.txt build/served.txt build/torch-cpu
	$(TOOLS)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements-dev.txt \
	-o build/locked.txt requirements.txt
	awk '/^[a-z]/ { file = /^(torch==|triton==|nvidia-|cuda-)/ ? "requirements-torch.lock" : "requirements.lock" } { print > file }' build/locked.txt
	$(TOOLS)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements-dev.txt \
	-c build/locked.txt --extra api --extra scale -o build/served.txt pyproject.toml
	awk 'NR == FNR { if (/^[a-z]/) known[$$1]; next } /^[a-z]/ { take = !($$1 in known) } take' build/locked.txt build/served.txt > requirements-scale.lock
	if $(TOOLS)/pip download --quiet --no-deps --dest build/torch-cpu $(TORCH)+cpu; then \
	printf '%s \\\n    %s\n' $(TORCH)+cpu "$$($(TOOLS)/pip hash build/torch-cpu/*.whl | tail -1)" > requirements-torch-cpu.lock; \
	else echo "there is no $(TORCH)+cpu here: requirements-torch-cpu.lock is left as it was"; fi

# what .venv holds, as CycloneDX
sbom: .venv/ready build/tools
	$(TOOLS)/cyclonedx-py environment --output-format JSON --output-file build/sbom.json .venv

# known weaknesses of what is locked; needs the network, and fails where something could not be asked for
audit: build/tools
	$(TOOLS)/pip-audit --strict --disable-pip --require-hashes -r requirements.lock -r requirements-torch.lock

# beside the program, so that what looks after its packages is none of them
build/tools: Makefile
	$(PYTHON) -m venv $@
	$(TOOLS)/pip install --quiet uv==0.13.9 cyclonedx-bom pip-audit
	touch $@

# the size is that of what `pip download --no-deps` of requirements.lock (358 MB) and of requirements-torch-cpu.lock (192 MB) leaves, by Python 3.11 on Linux, x86-64, on 2026-11-27
.venv/ready: requirements.lock requirements-torch.lock requirements-torch-cpu.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Pullquote needs Python 3.11 or newer; name one with PYTHON="; exit 1; }
	@echo "Setting up .venv: about 550 MB are downloaded, once; several GB where torch comes only with what GPUs need."
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes --no-deps -r requirements.lock
	$(BIN)/pip install --quiet --require-hashes --no-deps -r requirements-torch-cpu.lock 2> /dev/null \
	|| $(BIN)/pip install --quiet --require-hashes --no-deps -r requirements-torch.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	$(BIN)/pip install --quiet -r requirements-dev.txt
	touch $@

.venv/haystack-2: .venv/ready-dev
	$(BIN)/pip install --quiet --no-deps --target $@ haystack-ai==2.31.0

.venv/ready-bench: .venv/ready-dev
	$(BIN)/pip install --quiet langchain-huggingface==1.2.3 langchain-community==0.4.2 txtai==9.14.0
	touch $@

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
