# Rouse. "make" alone lists what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export JAVA_HOME := $(shell hack/jdk.sh)
export ROUSE_TOOLS_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/rouse/tools
JAVA := $(JAVA_HOME)/bin/java
MVN := mvn --batch-mode --no-transfer-progress -Drouse.tools.dir=$(ROUSE_TOOLS_DIR)
SOURCES := $(shell find operator -path '*/target' -prune -o \( -name '*.java' -o -name pom.xml -o -path '*/src/main/resources/*' \) -type f -print) pom.xml
# UTF-8 whatever the locale says: a bare container names none, and its terminal still speaks it.
DEVCLUSTER := $(JAVA) -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	-cp 'operator/devcluster/target/rouse-devcluster-0.1.0-SNAPSHOT.jar:operator/devcluster/target/lib/*' dev.rouse.devcluster.Main
IMAGES := $(JAVA) --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	-cp 'operator/images/target/rouse-images-0.1.0-SNAPSHOT.jar:operator/images/target/lib/*'

##@ Try it

.PHONY: demo
demo: build ## A whole Rouse on this machine: an agent fixes a bug, its brain is killed, it goes on. KEEP=1 stays up, STORE=sqlite
	@$(DEVCLUSTER) demo $(if $(KEEP),--keep) $(if $(STORE),--store=$(STORE))

.PHONY: up
up: build ## The dev cluster alone, until Ctrl-C. STORE=sqlite or postgres
	@$(DEVCLUSTER) up $(if $(STORE),--store=$(STORE))

##@ Build and test

.PHONY: test
test: build ## Every test that needs no root (about 35 minutes; the first run 10 more)
	@hack/check.sh test
	@hack/tools.sh helm
	@echo "== tests of all modules (about 35 minutes on 2 cores)"
	@$(MVN) verify

.PHONY: e2e
e2e: ## On two real nodes, as root (about 30 minutes; the first run 10 more). KEEP=1 stays up, ONLY=CrashE2E
	@hack/check.sh e2e
	@$(MAKE) build images
	@$(call e2e_classes)
	@hack/e2e.sh $(ONLY)

.PHONY: e2e-core
e2e-core: ## The heart of make e2e: install, crashes, refusals, reach, uninstall (about 7 minutes; the first run 10 more)
	@$(MAKE) e2e ONLY='InstallE2E CrashE2E RefusalE2E ReachE2E UninstallE2E'

.PHONY: full
full: build ## All of make e2e, what takes long there, make fuzz and make chaos (about 2 hours, as root)
	@hack/check.sh e2e
	@$(MAKE) images
	@$(call e2e_classes)
	failed=0
	$(MAKE) fuzz || failed=1
	hack/e2e.sh --full || failed=1
	$(MAKE) chaos || failed=1
	exit $$failed

.PHONY: fuzz
fuzz: check ## Random and broken requests against every call of the API (MINUTES=5, SEED=)
	@$(MVN) -q -pl operator/server -am test -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
		-Dspotless.check.skip=true -Drouse.fuzz=$(or $(MINUTES),5) $(if $(SEED),-Drouse.seed=$(SEED))

# The tests as classes beside jars, which hack/e2e.sh starts where pods can be reached.
define e2e_classes
$(MVN) -q -pl operator/e2e -am package dependency:build-classpath -DskipTests -Dspotless.check.skip=true \
		-Dmdep.outputFile=target/e2e.classpath
endef

.PHONY: chaos
chaos: build ## Kill everything, everywhere, over every store (SEED=, about 45 minutes): docs/performance/chaos.md
	@hack/check.sh test
	failed=0
	$(MVN) -q -pl operator/e2e -am package -Dtest='*KillPointsIT' -Dsurefire.failIfNoSpecifiedTests=false \
		-Dspotless.check.skip=true -Drouse.chaos=true $(if $(SEED),-Drouse.seed=$(SEED)) \
		-Drouse.revision=$$(git rev-parse --short HEAD)$$(git diff --quiet HEAD -- ':!docs' || echo -dirty) || failed=1
	$(call e2e_java) dev.rouse.e2e.kill.ChaosReport docs/performance || failed=1
	exit $$failed

.PHONY: bench
bench: build ## What the stores and the whole system cost (about 1 hour): docs/performance
	@hack/check.sh test
	@$(MVN) -q -pl operator/log -am package dependency:build-classpath -DskipTests -Dspotless.check.skip=true \
		-Dmdep.outputFile=target/test.classpath
	@$(JAVA) --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
		-cp "operator/log/target/test-classes:operator/log/target/classes:$$(cat operator/log/target/test.classpath)" \
		dev.rouse.log.bench.Report docs/performance $(STORE)
	@$(call e2e_java) dev.rouse.e2e.bench.SystemReport docs/performance

# A program of the tests that needs the whole system. As jars, because other phases compile all anew.
define e2e_java
$(MVN) -q -pl operator/e2e -am package dependency:build-classpath -DskipTests -Dspotless.check.skip=true \
		-Dmdep.outputFile=target/test.classpath && \
	$(JAVA) --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Drouse.root=$(CURDIR) \
	-cp "operator/e2e/target/test-classes:$$(cat operator/e2e/target/test.classpath)"
endef

.PHONY: build
build: check ## Programs and Kubernetes' own programs, side by side (first run about 10 minutes)
	@$(MAKE) -j2 tools jars
	@$(DEVCLUSTER) aot

.PHONY: tools
tools: ## Find or build kube-apiserver, etcd and friends, once
	@hack/tools.sh

.PHONY: jars
jars: target/jars.stamp ## The Java programs

target/jars.stamp: $(SOURCES)
	@echo "== Java programs (about 1 minute; the first run downloads libraries, about 3)"
	@$(MVN) -q package -DskipTests -Dspotless.check.skip=true
	@mkdir -p target && touch $@

.PHONY: images
images: build ## The container images as tars, without an engine or a registry (2 minutes; the first run 5 more). BASE=, HANDS_BASE=, PUSH=
	@base='$(BASE)' hands='$(HANDS_BASE)'
	[ -n "$$base" ] || base=tar://$$(hack/base.sh program)
	[ -n "$$hands" ] || hands=tar://$$(hack/base.sh hands)
	echo "== images, into $(if $(PUSH),$(PUSH),target/images)"
	$(IMAGES) dev.rouse.images.Main \
		--base="$$base" --hands-base="$$hands" $(if $(PUSH),--push='$(PUSH)') $(if $(INSECURE),--insecure) \
		--revision="$$(git describe --always --dirty --abbrev=40 --exclude='*' 2>/dev/null || true)" \
		--created="$$(git log -1 --format=%cI 2>/dev/null || echo 2026-01-01T00:00:00Z)"

.PHONY: images-report
images-report: images ## How fast the images start, with their caches and without (about 7 minutes): docs/images.md
	@$(IMAGES) dev.rouse.images.StartReport docs/images.md

.PHONY: cli
cli: jars ## kubectl-rouse as one self-contained folder, in target/kubectl-rouse
	@hack/cli.sh

.PHONY: install-yaml
install-yaml: check ## The chart rendered for kubectl, into target/install.yaml (VALUES=file): docs/install.md
	@hack/install-yaml.sh target $(VALUES)

.PHONY: crds
crds: ## Generate crds/, and the chart's copy, from the records in operator/api
	@$(MVN) -q -pl operator/api -am test -Dtest=CrdFilesTest -Dsurefire.failIfNoSpecifiedTests=false -Dcrds.update=true

.PHONY: format
format: ## Format the code
	@$(MVN) -q spotless:apply

.PHONY: clean
clean: ## Remove what was built (not the cached Kubernetes programs)
	@$(MVN) -q clean
	@rm -rf target .rouse

##@ Help

.PHONY: check
check: ## Say what this machine lacks
	@[ -n "$(JAVA_HOME)" ] && hack/check.sh

.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
