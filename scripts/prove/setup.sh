#!/usr/bin/env bash
# Brings what `npm run prove` boots: a small Debian with systemd, and Debian's own kernel installed in it. Needs root, and
# what test/boot/setup.sh brings.
#
#   scripts/prove/setup.sh [DIR]     DIR defaults to $KCONFIG_TRIM_PROVE or .prove in the repository
#
# What is already there stays.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
dir=${1:-${KCONFIG_TRIM_PROVE:-$top/.prove}}
boot=${KCONFIG_TRIM_BOOT:-$top/.boot}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
PATH=$PATH:/usr/sbin:/sbin
release=bookworm
packages=systemd-sysv,udev,dbus,iproute2,kmod,initramfs-tools,zstd,busybox-static,cryptsetup-initramfs,lvm2,systemd-container
packages=$packages,libstdc++6,util-linux,e2fsprogs,dosfstools,alsa-utils

say() { printf 'setup: %s\n' "$*" >&2; }

need=()
for pair in debootstrap:debootstrap ccache:ccache flex:flex bison:bison bc:bc cpio:cpio make:make gcc:gcc mke2fs:e2fsprogs; do
  command -v "${pair%%:*}" >/dev/null || need+=("${pair##*:}")
done
[ -e /usr/include/gelf.h ] || need+=(libelf-dev)
[ -e /usr/include/openssl/ssl.h ] || need+=(libssl-dev)
if [ ${#need[@]} -gt 0 ]; then
  say "installing ${need[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
fi

if [ ! -e "$dir/root/.ready" ]; then
  say 'a Debian system'
  rm -rf "$dir/root"
  # Either file may be missing.
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    sed -n 's/^URIs: *//p; s/^deb \(http[^ ]*\).*/\1/p' | head -n 1) || true
  debootstrap --variant=minbase --include="$packages" "$release" "$dir/root" "${mirror:-http://deb.debian.org/debian}" \
    >"$dir/debootstrap.log" 2>&1 || { tail -n 5 "$dir/debootstrap.log" >&2; exit 1; }
  rm -rf "$dir/root"/var/cache/apt/archives/*.deb "$dir/root"/usr/share/{doc,man,locale}
  touch "$dir/root/.ready"
fi

root=$dir/root
say 'settings of the system'
echo prove >"$root/etc/hostname"
echo 'LABEL=prove-root / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"
# What finds the root file system on these machines, and not all that Debian's kernel has: that takes many minutes.
sed -i 's/^#\? *COMPRESS=.*/COMPRESS=zstd/; s/^MODULES=.*/MODULES=list/' "$root/etc/initramfs-tools/initramfs.conf"
printf '%s\n' virtio_pci virtio_iommu virtio_blk virtio_scsi ahci ata_piix sd_mod nvme usb_storage uas xhci_pci ehci_pci megaraid_sas ext4 \
  crc32c_generic crc32c_intel dm_mod dm_crypt aes_generic aesni_intel xts ecb cbc sha256_generic algif_skcipher \
  >"$root/etc/initramfs-tools/modules"
printf '[Match]\nName=e*\n[Network]\nDHCP=ipv4\n' >"$root/etc/systemd/network/all.network"
install -D -m 755 "$here/guest" "$root/prove/guest"
install -D -m 755 "$here/install" "$root/prove/install"
install -D "$(command -v node)" "$root/usr/local/bin/node"
cat >"$root/etc/systemd/system/prove.service" <<UNIT
[Unit]
Description=Uses this machine, and tells what it has and lacks
[Service]
# Part of the boot as little as can be: what it waits for is the end of the boot.
Type=exec
ExecStart=/prove/guest use
[Install]
WantedBy=multi-user.target
UNIT
cat >"$root/etc/systemd/system/prove-install.service" <<UNIT
[Unit]
Description=Puts this system on the second disk
[Service]
ExecStart=/prove/guest install
UNIT
for unit in prove systemd-networkd systemd-networkd-wait-online; do
  chroot "$root" systemctl enable -q "$unit.service"
done
# Work at times of its own makes two boots differ.
chroot "$root" systemctl mask -q apt-daily.timer apt-daily-upgrade.timer fstrim.timer e2scrub_all.timer e2scrub_reap.service

if [ ! -e "$dir/debian.version" ]; then
  say "Debian's kernel in it"
  rm -rf "$dir/unpacked"; mkdir "$dir/unpacked"
  (cd "$dir/unpacked" && busybox cpio -i -d <"$boot/modules.cpio" 2>/dev/null)
  version=$(ls "$dir/unpacked/usr/lib/modules")
  rm -rf "$root/usr/lib/modules"; mkdir -p "$root/usr/lib/modules"
  mv "$dir/unpacked/usr/lib/modules/$version" "$root/usr/lib/modules/"
  cp "$dir/unpacked"/boot/config-* "$root/boot/"
  rm -rf "$dir/unpacked"
  cp "$boot/vmlinuz" "$dir/vmlinuz-$version"
  echo "$version" >"$dir/debian.version"
fi
say "ready: $dir"
