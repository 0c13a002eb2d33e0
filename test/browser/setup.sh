#!/usr/bin/env bash
# Installs what draws: Debian's chromium, which the tests of the page drive, and graphviz, where they are missing (needs root).
set -euo pipefail
command -v chromium >/dev/null && command -v dot >/dev/null && exit 0
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium graphviz >/dev/null
