#!/usr/bin/env bash
# Installs what tests of the program speak with: the shells whose completion is tried, and mandoc, which reads the manual
# page, where they are missing (needs root).
set -euo pipefail
need=()
for program in zsh fish mandoc; do command -v "$program" >/dev/null || need+=("$program"); done
[ ${#need[@]} -gt 0 ] || exit 0
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
