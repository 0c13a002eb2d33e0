#!/usr/bin/env bash
# Installs Debian's chromium, which the tests of the page drive, where there is none (needs root).
set -euo pipefail
command -v chromium >/dev/null && exit 0
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
