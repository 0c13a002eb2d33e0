#!/usr/bin/env bash
# Brings what the tests in virtual machines need: Debian's kernel image of the same version as the conformance tests'
# tree, unpacked and not installed; firmware; and a root file system in memory with this machine's own Node, shells and
# kmod.
#
#   test/boot/setup.sh [DIR]     DIR defaults to $KCONFIG_TRIM_BOOT or .boot in the repository
#
# What is already there stays. Installs programs with apt-get where they are missing (needs root for that).
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:-${KCONFIG_TRIM_BOOT:-$top/.boot}}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
PATH=$PATH:/usr/sbin:/sbin

say() { printf 'setup: %s\n' "$*" >&2; }

need=()
for pair in qemu-system-x86_64:qemu-system-x86 swtpm:swtpm busybox:busybox-static dash:dash modprobe:kmod ip:iproute2 \
            dmsetup:dmsetup xz:xz-utils zstd:zstd; do
  command -v "${pair%%:*}" >/dev/null || need+=("${pair##*:}")
done
updated=
update() { [ -n "$updated" ] || { say 'apt-get update'; apt-get update -qq; updated=1; }; }
if [ ${#need[@]} -gt 0 ]; then
  update
  say "installing ${need[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
fi
if ! busybox cpio --help >/dev/null 2>&1; then say 'BusyBox has no cpio'; exit 1; fi

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

# Unpacking xz is slow where the processor is emulated.
repack() { # DIRECTORY
  say 'packing modules anew'
  # shellcheck disable=SC2016
  find "$1" -name '*.ko.xz' -print0 |
    xargs -0 -P 2 -n 100 sh -c 'for file; do xz -dc "$file" | zstd -q -3 -o "${file%.xz}.zst" && rm "$file"; done' sh
}

# An archive that the kernel unpacks into memory: DIRECTORY → FILE.
archive() { (cd "$1" && find . | busybox cpio -o -H newc 2>/dev/null) >"$2.part" && mv "$2.part" "$2"; }

if [ ! -e "$dir/firmware.fd" ]; then
  unpack ovmf "$dir/ovmf"
  mv "$dir/ovmf/usr/share/ovmf/OVMF.fd" "$dir/firmware.fd"
  rm -rf "$dir/ovmf"
fi

if [ ! -e "$dir/modules.cpio" ]; then
  rm -rf "$dir/image"
  update
  package=$(apt-cache depends linux-image-6.12-amd64 | sed -n 's/^ *Depends: \(linux-image-.*\)$/\1/p' | head -n 1)
  unpack "$package" "$dir/image"
  mv "$dir"/image/boot/vmlinuz-* "$dir/vmlinuz"
  root=$dir/modules; rm -rf "$root"; mkdir -p "$root/usr" "$root/boot"
  mv "$dir/image/lib" "$root/usr/lib"
  mv "$dir"/image/boot/config-* "$root/boot/"
  repack "$root/usr/lib/modules"
  depmod -b "$root/usr" "$(ls "$root/usr/lib/modules")"
  archive "$root" "$dir/modules.cpio"
  rm -rf "$dir/image" "$root"
fi

if [ ! -e "$dir/programs.cpio" ]; then
  say 'collecting programs'
  root=$dir/programs; rm -rf "$root"
  mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{dev,proc,sys,run,tmp,etc}
  for link in bin sbin lib lib64; do ln -s "usr/$link" "$root/$link"; done
  # Everything stands under /usr, as in Debian.
  put() { mkdir -p "$root/usr/$(dirname "${2#/usr}")"; cp -L "$1" "$root/usr/${2#/usr}"; }
  for program in bin/node bin/busybox bin/dash sbin/modprobe sbin/ip sbin/tc sbin/dmsetup; do
    found=$(command -v "${program#*/}") || continue
    put "$found" "/usr/$program"
    { ldd "$found" 2>/dev/null || true; } | sed -n 's/^[^/]*\(\/[^ ]*\) (.*/\1/p' | while read -r library; do
      put "$library" "$library"
    done
  done
  archive "$root" "$dir/programs.cpio"
  rm -rf "$root"
fi
say "ready: $dir"
