#!/usr/bin/env bash
# Brings the real material that the conformance tests need: Debian's kernel sources, shipped configs and the
# module lists of its kernel images, and the kernel's own conf built from each tree.
#
#   test/conformance/setup.sh [DIR]     DIR defaults to $KCONFIG_TRIM_KERNELS or .kernels in the repository
#
# What is already there is kept. Installs the build tools with apt-get where they are missing (needs root for that).
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-${KCONFIG_TRIM_KERNELS:-$top/.kernels}}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

say() { printf 'setup: %s\n' "$*" >&2; }

need=()
for pair in gcc:gcc make:make flex:flex bison:bison perl:perl bc:bc xz:xz-utils zstd:zstd pahole:pahole \
            clang:clang ld.lld:lld llvm-nm:llvm strace:strace; do
  command -v "${pair%%:*}" >/dev/null || need+=("${pair##*:}")
done
[ -e /usr/include/gelf.h ] || need+=(libelf-dev)
[ -e /usr/include/openssl/ssl.h ] || need+=(libssl-dev)
updated=
update() { [ -n "$updated" ] || { say 'apt-get update'; apt-get update -qq; updated=1; }; }
if [ ${#need[@]} -gt 0 ]; then
  update
  say "installing ${need[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
fi

# The package that a meta package stands for: linux-image-6.12-amd64 → linux-image-6.12.117+deb12-amd64.
real_image() { apt-cache depends "$1" | sed -n 's/^ *Depends: \(linux-image-.*\)$/\1/p' | head -n 1; }

unpack() { # PACKAGE INTO
  local tmp; tmp=$(mktemp -d "$dir/.fetch.XXXXXX")
  update
  say "fetching $1"
  # As root, apt-get wants a directory that its own user may write.
  (cd "$tmp" && chmod 777 . && apt-get download -qq "$1" >/dev/null)
  mkdir -p "$2"
  dpkg-deb -x "$tmp"/*.deb "$2"
  rm -rf "$tmp"
}

for version in 6.12 6.1; do
  base=$dir/$version
  mkdir -p "$base"
  if [ ! -e "$base/tree/.unpacked" ]; then
    rm -rf "$base/tree" "$base/source"
    unpack "linux-source-$version" "$base/source"
    say "unpacking the $version tree"
    mkdir -p "$base/tree"
    tar -C "$base/tree" --strip-components=1 -xf "$base"/source/usr/src/linux-source-*.tar.xz
    rm -rf "$base/source"
    touch "$base/tree/.unpacked"
  fi
  if [ ! -e "$base/configs/.unpacked" ]; then
    rm -rf "$base/configs"
    unpack "linux-config-$version" "$base/configs.deb"
    mkdir -p "$base/configs"
    for file in "$base"/configs.deb/usr/src/linux-config-*/config.*; do
      name=$(basename "$file"); name=${name%.xz}
      case $file in *.xz) xz -dc "$file" >"$base/configs/$name" ;; *) cp "$file" "$base/configs/$name" ;; esac
    done
    rm -rf "$base/configs.deb"
    touch "$base/configs/.unpacked"
  fi
  if [ ! -e "$base/image/.unpacked" ]; then
    rm -rf "$base/image"
    meta=linux-image-$version-amd64; [ "$version" = 6.1 ] && meta=linux-image-amd64
    update
    unpack "$(real_image "$meta")" "$base/image.deb"
    mkdir -p "$base/image"
    modules=$(echo "$base"/image.deb/lib/modules/*)
    (cd "$modules/kernel" && find . -name '*.ko*' | sed 's,^\./,,; s,\.ko.*$,,' | LC_ALL=C sort) >"$base/image/modules.list"
    for file in modules.order modules.builtin modules.builtin.modinfo; do
      [ ! -e "$modules/$file" ] || cp "$modules/$file" "$base/image/"
    done
    depmod=$(command -v depmod || echo /sbin/depmod)
    if [ ! -x "$depmod" ]; then
      update; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends kmod >/dev/null; depmod=/sbin/depmod
    fi
    "$depmod" -b "$base/image.deb" "$(basename "$modules")"
    cp "$modules/modules.dep" "$modules/modules.alias" "$base/image/"
    cp "$base"/image.deb/boot/config-* "$base/image/config"
    rm -rf "$base/image.deb"
    touch "$base/image/.unpacked"
  fi
  if [ ! -x "$base/conf/scripts/kconfig/conf" ]; then
    say "building conf of $version"
    make -s -C "$base/tree" O="$base/conf" allnoconfig >/dev/null
  fi
done
say "ready: $dir"
