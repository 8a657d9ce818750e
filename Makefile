# `make check` before every commit: it is what continuous integration runs.

export CGO_ENABLED := 0
GOVULNCHECK := v1.9.0

.PHONY: check build test race lint bench bench-digests bench-scale frozen chaos page clients screenshots fuzz vuln image clean

check:
	bash .ci/run

build:
	go build -trimpath -ldflags '-s -w' -o sitrep .

test:
	go test -shuffle=on ./...

race:
	CGO_ENABLED=1 go test -race -shuffle=on ./...

# Some ten minutes of copies killed amid refusals and outages; SEED=N repeats a plan.
SLOTS := 10000
SEED := 0
chaos:
	SITREP_TEST_REQUIRE=redis,postgres go test -count=1 -v -timeout 60m -run TestChaos ./scenarios -chaos.slots $(SLOTS) -chaos.seed $(SEED)

# The linter is the one that `make check` has installed.
lint: .ci/bin/golangci-lint
	.ci/bin/golangci-lint fmt
	.ci/bin/golangci-lint run

.ci/bin/golangci-lint:
	bash .ci/run

bench:
	go test -run '^$$' -bench . ./...

# Ten thousand digests due at once, within Discord's limits: seven minutes.
bench-digests:
	go test -run '^$$' -bench 'ManyChannels|Lateness' -benchtime 1x -timeout 30m ./scenarios -digests.channels 10000 -digests.samples 40

# Ten thousand servers and a hundred thousand digests: ten minutes, and 2 GB of disk.
bench-scale:
	SITREP_TEST_REQUIRE=redis,postgres go test -run '^$$' -bench Scale -benchtime 1x -timeout 40m ./scenarios -scale.servers 10000 -scale.subscriptions 100000 -scale.days 3

# A copy that is stopped in the middle of a digest for ten minutes, longer than
# Discord knows a nonce: nothing may be posted twice.
frozen:
	go test -run FrozenCopy -count=1 -v -timeout 20m ./scenarios -frozen.for 10m

# Everything that reads what strangers wrote, each for a minute. What is found
# stays as a file in testdata/fuzz, which every later test run tries. `make check`
# does it for five seconds each where CI is set.
FUZZTIME := 1m
fuzz:
	bash .ci/fuzz $(FUZZTIME)

# Builds the page anew from its sources. Only this and `make check` need Node.
page:
	cd sandbox/page && npm ci --silent && npm run --silent build

# Bots on other people's libraries, one of them in JavaScript, against the sandbox.
clients:
	npm ci --prefix sandbox/clients/discordjs --no-audit --no-fund
	SITREP_TEST_REQUIRE=node,modules go test -count=1 -v ./sandbox/clients/...

# Pictures of the page, of which README.md shows one.
screenshots:
	mkdir -p screenshots
	SITREP_SCREENSHOTS=$(CURDIR)/screenshots SITREP_TEST_REQUIRE=chromium go test -count=1 -run TestPage ./scenarios
	cp screenshots/energy.png docs/screenshot.png

# Asks vuln.go.dev, so it is no part of `make check`.
vuln:
	go run golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK) ./...

image:
	docker build --tag sitrep .

clean:
	rm -rf sitrep .ci/bin
