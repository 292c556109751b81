# What is done in this repository. `make` alone lists it. `make test` needs Go and make and nothing else.
.DEFAULT_GOAL := help
.SHELLFLAGS := -euc

GO ?= go
# Tools are pinned in a module of their own, so that what users depend on stays small. The go command builds and caches them.
TOOL = $(GO) tool -modfile=testdata/tools/go.mod
# Making inputs smaller is kept short: it is not counted, and takes all the time of targets that generate.
FUZZTIME ?= 1m
FUZZMINIMIZE ?= 10x
# How many runs of the fleet there are, each with other accidents.
FLEET_SEEDS ?= 1

.PHONY: help
help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: generate
generate: ## Write generated/ from the description
	$(GO) run ./cmd/contactsgen generate

.PHONY: check
check: ## Fail when generated/ is not what generate would write
	$(GO) run ./cmd/contactsgen check

.PHONY: test
test: ## Run the tests, and name the cases of revision-aware writes
	$(GO) test -timeout 30m ./...
	@cases=$$($(GO) test -v -run '^TestConformance$$' ./templates/client ./acceptance/contacts) || { echo "$$cases"; exit 1; }; \
	echo "$$cases" | grep -e '--- '

.PHONY: race
race: ## Run the tests under the race detector; needs a C compiler
	CGO_ENABLED=1 $(GO) test -race -timeout 30m ./...

# In the package's folder, so that what the tests print is seen: how long a consumer waits.
.PHONY: consumers
consumers: ## Play other people's repositories, and follow the pages of docs, over a module proxy (minutes; part of ci)
	cd cmd/contactsgen && $(GO) test -count=1 -run 'TestConsumers|TestPages' -consumers

# Home, build cache and module cache are empty; modules come from where they were downloaded to once, so that it is compiling that is timed.
.PHONY: first-hour
first-hour: ## Follow the README and docs as somebody with a new machine, and print the time of each step (a quarter of an hour)
	cd cmd/contactsgen && $(GO) test -count=1 -timeout 1h -run '^TestPages$$' -consumers -cold

.PHONY: ci
ci: test consumers race lint check api examples engines test-fleet test-sdk browser-if-any clean-tree ## Do all that CI does

# Generating once more leaves a tree that was clean as it was.
.PHONY: clean-tree
clean-tree:
	$(GO) generate ./...
	@changes=$$(git status --porcelain); \
	if [ -n "$$changes" ]; then echo "the work tree is not clean after generating:"; echo "$$changes"; exit 1; fi

.PHONY: lint
lint: lint-generated ## Lint everything, the walls included
	$(TOOL) golangci-lint run ./... ./testdata/conformance

# A copy of the output, and one more for each selection of features, without the line that makes linters look away, in a module of its
# own that promises the oldest Go.
.PHONY: lint-generated
lint-generated:
	@staticcheck=$$($(TOOL) -n staticcheck); \
	copy=$$(mktemp -d); trap 'rm -rf "$$copy"' EXIT; \
	cp -R generated/. testdata/features/. "$$copy"; \
	printf 'module example.com/copy\n\ngo 1.24\n' > "$$copy/go.mod"; \
	$(GO) run ./cmd/contactsgen generate --config "$$copy/contactsgen.yaml"; \
	find "$$copy" -name '*.go' -exec sed -i.bak '/^\/\/ Code generated .* DO NOT EDIT\.$$/d' {} + ; \
	find "$$copy" \( -name '*.bak' -o -name '*_test.go' \) -delete; \
	cd "$$copy"; \
	echo "staticcheck -checks all on generated/ and on selections of features, without headers, go 1.24"; \
	GOWORK=off GOFLAGS= $(GO) build ./...; \
	GOWORK=off GOFLAGS= "$$staticcheck" -checks all ./...

.PHONY: fmt
fmt: ## Format everything as lint wants it
	$(TOOL) golangci-lint fmt ./...

# Examples with libraries are a module of their own, so that nobody else needs those.
.PHONY: examples
examples: ## Run the examples that need a library beside the client, and the demo's test
	$(GO) -C testdata/examples vet ./...
	$(GO) -C testdata/examples test ./...

# Engines that make work durable (River, NATS, Temporal) take a module of their own, and are built for minutes the first time.
.PHONY: engines-client
engines-client:
	@$(GO) run ./cmd/contactsgen generate --config testdata/examples/engines/contactsgen.yaml

.PHONY: engines
engines: engines-client ## Run the programs that work through an engine for durable work; they need PostgreSQL
	$(GO) -C testdata/examples/engines vet ./...
	$(GO) -C testdata/examples/engines test -count=1 ./...

# The client that it is about has features on request, and is not kept in the repository.
.PHONY: fleet-client
fleet-client:
	$(GO) run ./cmd/contactsgen generate --config testdata/fleet/contactsgen.yaml

.PHONY: test-fleet
test-fleet: fleet-client ## Kill processes that share PostgreSQL and SQLite, and count; needs PostgreSQL; FLEET_SEEDS=10 goes on for longer
	$(GO) -C testdata/fleet vet ./...
	FLEET_SEEDS=$(FLEET_SEEDS) $(GO) -C testdata/fleet test -count=1 -v -timeout 30m ./...

.PHONY: simulation
simulation: fleet-client ## Have 20 hosts update a million contacts of 1,000 sites on a virtual clock (minutes; test-fleet does 40,000)
	SIMULATION_KEYS=1000000 $(GO) -C testdata/fleet test -count=1 -v -timeout 30m ./simulation

.PHONY: demo
demo: ## Watch two writers meet on one contact of the sandbox
	@bin=$$(mktemp -d); trap 'rm -rf "$$bin"' EXIT; \
	$(GO) build -o "$$bin/contactsgen" ./cmd/contactsgen; \
	$(GO) -C testdata/examples build -o "$$bin/demo" ./demo; \
	"$$bin/demo" -contactsgen "$$bin/contactsgen"

# What compares with earlier states is pinned in a module of its own, too.
COMPAT = $(GO) -C testdata/compat

.PHONY: api
api: ## Fail when the exported API of generated/ is not the recorded one, and say what that means to callers
	$(COMPAT) run ./api -dir ../.. -records ../api ./generated/...

.PHONY: api-record
api-record: ## Record the exported API of generated/
	$(COMPAT) run ./api -dir ../.. -records ../api -record ./generated/...

.PHONY: diff-spec
diff-spec: ## Classify what changed in the description since a revision: make diff-spec BASE=rev
	@if [ -z "$(BASE)" ]; then echo "diff-spec needs a revision to compare with: make diff-spec BASE=HEAD~1"; exit 1; fi
	@base=$$(mktemp -d); trap 'rm -rf "$$base"' EXIT; \
	git show "$(BASE):spec/contacts.yaml" > "$$base/contacts.yaml"; \
	$(COMPAT) tool oasdiff changelog --flatten-allof --color never "$$base/contacts.yaml" ../../spec/contacts.yaml

# The tool behind it takes minutes to build the first time.
.PHONY: snapshot
snapshot: ## Build what a release would, into dist/; publishes nothing
	$(GO) tool -modfile=testdata/release/go.mod goreleaser check
	$(GO) tool -modfile=testdata/release/go.mod goreleaser release --snapshot --clean

# The SBOMs in it come from a tool that is pinned beside goreleaser.
.PHONY: release
release: ## Build and publish the release of the tag that is checked out; CI does
	$(GO) tool -modfile=testdata/release/go.mod goreleaser release --clean

# Apart from lint, since it asks the vulnerability database on the network.
.PHONY: vulnerabilities
vulnerabilities: ## Fail when code that is called has a known vulnerability; needs the network
	$(TOOL) govulncheck ./...

.PHONY: lint-spec
lint-spec: ## Lint the descriptions with two linters; needs Node.js and npm
	@command -v npm >/dev/null || { echo "lint-spec needs Node.js 20.19 or later and npm: see testdata/lint-spec/README.md"; exit 1; }
	npm ci --prefix testdata/lint-spec
	npm run --prefix testdata/lint-spec lint

.PHONY: test-sdk
test-sdk: ## Have the official SDK judge client, fake and description; needs Node.js and npm
	@command -v npm >/dev/null || { echo "test-sdk needs Node.js 20 or later and npm: see testdata/sdk/README.md"; exit 1; }
	npm ci --prefix testdata/sdk
	$(GO) test -count=1 -v ./testdata/sdk

.PHONY: test-browser
test-browser: ## Look at the sandbox's page in a browser; needs Node.js, npm and Chromium
	@command -v npm >/dev/null || { echo "test-browser needs Node.js 20 or later and npm: see testdata/browser/README.md"; exit 1; }
	npm ci --prefix testdata/browser
	@bin=$$(mktemp -d); trap 'rm -rf "$$bin"' EXIT; \
	$(GO) build -o "$$bin/contactsgen" ./cmd/contactsgen; \
	npm run --prefix testdata/browser --silent check "$$bin/contactsgen"

# Not everybody has a browser, and nobody should think that it was asked when it was not.
.PHONY: browser-if-any
browser-if-any:
	@browser="$${CHROMIUM:-}"; \
	for name in chromium chromium-browser google-chrome chrome; do [ -n "$$browser" ] || browser=$$(command -v "$$name" || true); done; \
	if [ -n "$$browser" ]; then $(MAKE) test-browser; \
	else echo "NOT DONE: test-browser. There is no Chromium on the PATH, nor in CHROMIUM: nobody looked at the sandbox's page."; fi

# One round of histories after the other needs one core: more of them only pass goroutines to and fro.
.PHONY: soak
soak: ## Prove the engine at length: 2,000,000 operations under faults on each of two servers, every mutant, by tests and by the explorer; and load the fake
	GOMAXPROCS=1 GOGC=400 HISTORY_OPERATIONS=2000000 $(GO) test -count=1 -v -timeout 2h -run '^TestHistories' ./acceptance/contacts
	SOAK=1 $(GO) test -count=1 -v -timeout 1h -run '^TestMutants$$' ./acceptance/contacts
	SOAK=1 $(GO) test -count=1 -v -timeout 1h -run '^TestExploreFindsSlips$$' ./generator
	SOAK=1 $(GO) test -count=1 -v -run TestManyConnectionsAndNoGrowth ./templates/fake

# Requests that may meet any fate and faults at once, with two writers and, behind the slash, with three: what explore.Within reads.
EXPLORE_DEPTH ?= 3.3,6.2/2.2,4.1

.PHONY: explore
explore: ## Go through every schedule of a small scope, on a server written from the law alone; needs a quarter of an hour
	EXPLORE_DEPTH=$(EXPLORE_DEPTH) $(GO) test -count=1 -v -timeout 3h -run '^TestExplore$$' ./generator

# Loops and the libraries that they use are a module of their own.
LOOPS = $(GO) -C testdata/judge/loops

.PHONY: judge
judge: ## Score loops that people write by hand, and write the scores into docs/loops.md (minutes)
	$(LOOPS) run ./prepare
	$(LOOPS) run ./page

# How many schemas are made up, beside what the fuzz tests find.
RANDOM_SCHEMAS ?= 1000000

.PHONY: random
random: ## Hold the clients of 1,000,000 schemas that are made up against another reader of OpenAPI; RANDOM_SCHEMAS changes how many (an hour)
	RANDOM_SCHEMAS=$(RANDOM_SCHEMAS) $(GO) test -count=1 -v -timeout 6h -run '^TestRandom$$' ./generator

.PHONY: fuzz
fuzz: random ## Run every fuzz test for FUZZTIME (1m) each, after random
	@$(GO) list -f '{{.Dir}}' ./... | while read -r dir; do \
		grep -ho '^func Fuzz[A-Za-z0-9_]*' "$$dir"/*_test.go 2>/dev/null | sed 's/^func //' | while read -r name; do \
			echo "$$dir $$name"; \
			(cd "$$dir" && $(GO) test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) -fuzzminimizetime $(FUZZMINIMIZE) .) </dev/null || exit 1; \
		done || exit 1; \
	done

# Benchmarks and what they compare with are a module of their own. ONLY names one section of docs/benchmarks.md.
BENCH = $(GO) -C testdata/bench

.PHONY: bench
bench: ## Measure against other generators, and rewrite docs/benchmarks.md (a quarter of an hour; ONLY=calling measures one section)
	$(BENCH) run ./prepare
	$(BENCH) run . $(if $(ONLY),-only $(ONLY)) $(if $(ROUNDS),-rounds $(ROUNDS))

.PHONY: bench-check
bench-check: ## Vet and test the benchmarks: what can be counted is held to what is promised
	$(BENCH) run ./prepare
	$(BENCH) vet ./...
	$(BENCH) test ./...

.PHONY: corpus
corpus: ## Generate from the descriptions in SPECS, an absolute path, and say what became of each
	$(GO) test ./generator -run '^TestCorpus$$' -count 1 -timeout 30m -v $(if $(SPECS),-specs "$(SPECS)")
