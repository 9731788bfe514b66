# Weimen's tasks. `make` alone lists them.

# Exact versions, fetched through the Go module proxy and checked against the checksum database.
GOLANGCI_LINT_VERSION := v2.12.0

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
GOLANGCI_LINT := bin/golangci-lint-$(GOLANGCI_LINT_VERSION)

# The race detector needs cgo. Without a C compiler that step is left out, except in CI.
HAVE_CC := $(shell command -v $$(go env CC) 2>/dev/null)

TEST_STEPS := install-tools lint vet test-console test-go
ifneq ($(HAVE_CC)$(filter true,$(CI)),)
TEST_STEPS += test-race
endif
TEST_STEPS += e2e
# Elsewhere the work tree may hold changes of its own, which verify would take for stale files.
ifeq ($(CI),true)
TEST_STEPS += verify
endif

.DEFAULT_GOAL := help
.PHONY: help run dev build console test install-tools lint fmt vet test-console test-go test-postgres test-race e2e bench bench-go conformance generate verify clean

help: ## list the tasks
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: build ## build, then try everything on this machine: simulated WeChat and a demo application
	./bin/weimen demo

dev: ## the demo from source, unstripped, with every log line
	WEIMEN_LOG_LEVEL=debug WEIMEN_LOG_FORMAT=text go run ./cmd/weimen demo

build: console ## build bin/weimen and bin/wechatsim, static, with the console where Node is installed
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/...

console: ## build the administrator's console, for the binary to hold
	@scripts/console build

test: ## everything CI checks, installing what it needs
	@set -e; for step in $(TEST_STEPS); do \
		echo "== $$step"; start=$$(date +%s); \
		$(MAKE) --no-print-directory $$step; \
		echo "== $$step took $$(( $$(date +%s) - start )) s"; \
	done

install-tools:
	@scripts/install-tools

lint: $(GOLANGCI_LINT) ## check style and common mistakes
	$(GOLANGCI_LINT) run ./...

fmt: $(GOLANGCI_LINT) ## format the Go files
	$(GOLANGCI_LINT) fmt ./...

$(GOLANGCI_LINT):
	@mkdir -p bin/install
	GOBIN=$(CURDIR)/bin/install go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	@mv bin/install/golangci-lint $@ && rmdir bin/install

vet:
	go vet ./...

test-console: ## the console's types and unit tests
	scripts/console test

test-go: ## the Go tests, with PostgreSQL where its server is installed
	scripts/postgres --optional -- go test -timeout 30m ./...

test-postgres: ## the Go tests; they fail where PostgreSQL is missing
	WEIMEN_TEST_REQUIRE=postgres scripts/postgres -- go test -timeout 30m ./...

test-race: ## the Go tests once more under the race detector, the long ones shortened
	scripts/postgres --optional -- go test -race -short -timeout 30m ./...

e2e: build ## the browser tests, against bin/weimen
	scripts/e2e

bench: build ## measure the built server: sign-ins, tokens, memory, start; on SQLite and PostgreSQL
	scripts/postgres --optional -- go run ./bench

bench-go: ## the Go benchmarks
	go test -run '^$$' -bench . -benchmem ./...

conformance: ## the provider's tests by name, with the sections of the standards in their comments
	go test -count=1 -v ./internal/provider/oauth2

generate: ## make the generated files anew
	go generate ./...

verify: generate ## fail when a generated file is stale
	@git diff --exit-code || { echo "generated files are stale: run make generate and commit"; exit 1; }

clean: ## remove what the tasks made
	rm -rf bin e2e/node_modules e2e/output console/node_modules console/dist/build console/src/api/schema.gen.ts
