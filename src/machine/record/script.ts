/**
 * What `record --script` prints: for machines without Node, the facts that `collectRecord` finds, line by line. Whatever
 * changes here changes there; test/machine/record/script.test.ts runs both on the same files.
 *
 * One awk program takes all lines of all files, each behind its file's name: a process for each file would take seconds.
 */
export const RECORD_SCRIPT = String.raw`#!/bin/sh
# What this machine is and uses, one fact a line: a record for kconfig-trim; docs/record.md tells what the lines mean.
# It needs sh, awk, grep, sed, sort and the like, of POSIX or of BusyBox, and no root; root sees a little more.
# Of what it reads it prints what is named in this file and nothing else: no address, serial number, UUID, name of a
# host or a user, mount point, or value of a kernel parameter.
# RECORD_ROOT: a directory that holds the /proc, /sys, /etc and so on of another machine; no program is asked then.
LC_ALL=C
export LC_ALL
cd "$RECORD_ROOT/" || exit 2
release=$(cat proc/sys/kernel/osrelease 2>/dev/null)
case $release in *[!A-Za-z0-9_.+~-]*) release= ;; esac
modules=lib/modules/$release
security=sys/kernel/security
system=sys/devices/system

# Lines of files, each behind the file's name and a colon.
lines() {
  grep -s '' /dev/null proc/modules proc/filesystems proc/mounts etc/fstab etc/crypttab proc/swaps proc/mdstat \
    proc/crypto proc/net/protocols proc/net/ptype proc/net/ip_tables_names proc/net/ip6_tables_names \
    proc/net/arp_tables_names proc/cgroups proc/consoles proc/cmdline proc/misc proc/tty/drivers proc/interrupts \
    proc/asound/modules proc/asound/cards proc/1/comm proc/sys/net/core/default_qdisc etc/os-release usr/lib/os-release \
    sys/fs/cgroup/cgroup.controllers sys/fs/cgroup/cgroup.subtree_control sys/fs/selinux/enforce sys/hypervisor/type \
    $security/lsm $security/lockdown $security/apparmor/profiles sys/module/zswap/parameters/enabled \
    sys/block/zram*/comp_algorithm sys/block/dm-*/dm/uuid sys/class/net/*/type sys/class/net/*/tun_flags \
    $system/clocksource/clocksource0/*_clocksource $system/clockevents/*/current_device \
    $system/cpu/cpuidle/current_* $system/cpu/cpufreq/policy*/scaling_driver $system/cpu/cpufreq/policy*/scaling_governor
  grep -s '' /dev/null sys/bus/*/devices/*/uevent sys/class/input/input*/uevent sys/class/dmi/id/uevent \
    sys/class/net/*/uevent
  grep -s '' /dev/null sys/bus/acpi/devices/*/status
  grep -s '^flags' proc/cpuinfo | sed 's/^/cpuinfo:/;q'
}

# Names of files, for what their being there says.
names() {
  echo "day:$(date -u +%Y-%m-%d)"
  echo "kernel:$release $(uname -m)"
  printf 'name:%s\n' sys/module/*/ sys/module/*/initstate sys/bus/*/ sys/bus/*/devices/*/ sys/bus/*/drivers/*/ \
    sys/class/*/ sys/class/*/*/ sys/firmware/*/ sys/firmware/acpi/tables/* sys/kernel/iommu_groups/*/ \
    usr/lib/systemd/libsystemd-shared-* usr/lib/*/systemd/libsystemd-shared-*
  # Where systemd would mount it on demand, looking into it would have it mounted.
  if grep -qs ' /proc/sys/fs/binfmt_misc binfmt_misc ' proc/mounts; then printf 'name:%s\n' proc/sys/fs/binfmt_misc/*; fi
  for name in docker dockerd containerd podman crio runc crun lxc-start lxd incusd systemd-nspawn flatpak bwrap snapd \
    apptainer kubelet k3s libvirtd virtqemud; do
    for directory in usr/bin usr/sbin usr/local/bin usr/local/sbin usr/lib/snapd; do
      if [ -e "$directory/$name" ]; then echo "runtime:$name"; fi
    done
  done
  for name in ld-linux.so.2 ld-linux-armhf.so.3; do if [ -e "lib/$name" ]; then echo "loader:$name"; fi; done
  for name in run/systemd/container run/.containerenv .dockerenv; do if [ -e $name ]; then echo container:; fi; done
  ls -ld sys/bus/*/drivers/*/module 2>/dev/null | sed -n 's/^.* \(sys\/bus\/.*\/module\) -> .*\//link:\1 /p'
}

# Whether a file can be read: 1, or 0 where it is there but not for this user.
readable() {
  if { true <"$2"; } 2>/dev/null; then echo "source:$1 1"; elif [ -e "$2" ]; then echo "source:$1 0"; fi
}

# What a program says that is named in front of it, behind that word and a colon.
ask() {
  if [ -z "$RECORD_ROOT" ] && answer=$(shift && "$@" 2>/dev/null); then
    echo "source:$1 1"
    printf '%s\n' "$answer" | sed "s/^/$1:/"
  else
    echo "source:$1 0"
  fi
}

# What must be asked for, and whether it could be.
questions() {
  for name in proc/config.gz "boot/config-$release" "$modules/config"; do
    if { true <"$name"; } 2>/dev/null; then
      case $name in *.gz) gzip -dc "$name" ;; *) cat "$name" ;; esac | sha256sum | sed "s,^\([0-9a-f]*\).*,config:\1 /$name,"
      break
    fi
  done
  name=sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
  readable secureboot $name
  od -An -tu1 $name 2>/dev/null | sed 's/^/secureboot:/'
  if [ ! -e $security/lsm ]; then echo 'source:lsm 0'; fi
  readable lsm $security/lsm
  readable apparmor $security/apparmor/profiles
  readable crypttab etc/crypttab
  readable iptables proc/net/ip_tables_names
  readable aliases "$modules/modules.alias"
  ask links ip -d -j link
  ask qdiscs tc -j qdisc
  for name in sys/block/dm-*/; do if [ -e "$name" ]; then ask dmtable dmsetup table; break; fi; done
  echo alias:
  sed -n 's/^alias \(.*\) \([^ ]*\)$/alias:module \2 \1/p' "$modules/modules.alias" 2>/dev/null
  tr '\000' '\n' 2>/dev/null <"$modules/modules.builtin.modinfo" | sed -n 's/^\([^.]*\)\.alias=/alias:builtin \1 /p'
}

facts() {
  awk '
function fact(text) { facts[text] = 1 }
function count(text, n) { counts[text] += n }
function most(text, n) { if (!(text in counts) || counts[text] < n) counts[text] = n }
function isName(text) { return length(text) < 65 && text ~ /^[A-Za-z0-9_][A-Za-z0-9_.+()\/,-]*$/ }
# One word without a space: of drivers and devices, whose names come from the kernel.
function word(text,   at) {
  while (at = index(text, " ")) text = substr(text, 1, at - 1) "\\040" substr(text, at + 1)
  gsub(/[^!-~]/, "?", text)
  return text == "" ? "-" : text
}
function states(kind, state,   i) { for (i = 1; i <= NF; i++) if (isName($i)) fact(kind " " $i state) }
function inBrackets(kind) { if (match($0, /\[[a-z0-9_-]+\]/)) fact(kind " " substr($0, RSTART + 1, RLENGTH - 2)) }
# Types of a file system, and the character sets that its options name.
function fileSystem(types, options, state,   n, i, list, type) {
  n = split(types, list, ",")
  for (i = 1; i <= n; i++) {
    type = list[i]
    sub(/\..*/, "", type)
    if (type ~ /^[a-z0-9_]+$/ && type !~ /^(none|auto|swap)$/) fact("fs " type " " state)
  }
  n = split(options, list, ",")
  for (i = 1; i <= n; i++) {
    if (sub(/^codepage=/, "cp", list[i]) || sub(/^(iocharset|nls)=/, "", list[i])) {
      if (list[i] ~ /^(ascii|utf8|big5|gb2312|sjis|cp[0-9]+|iso8859-[0-9]+|koi8-(r|u|ru)|euc-(jp|kr)|tis-620|mac-[a-z]+)$/) fact("nls " list[i])
    }
  }
}
# Names of parameters, as kernel/params.c takes the line apart; behind "--" it is init that is spoken to.
function parameters(line,   i, c, quoted, text) {
  line = line " "
  for (i = 1; i <= length(line); i++) {
    c = substr(line, i, 1)
    if (c == "\"") quoted = !quoted
    else if (c != " " || quoted) text = text c
    else {
      if (text == "--") return
      if (text ~ /^console=[A-Za-z]+[0-9]*(,|$)/) { c = substr(text, 9); sub(/,.*/, "", c); fact("console " c " parameter") }
      sub(/=.*/, "", text)
      if (length(text) < 65 && text ~ /^[A-Za-z][A-Za-z0-9_.-]*$/) fact("param " text)
      text = ""
    }
  }
}
# Of these two, what names no version and no feature.
function shortAlias(alias,   n, i, part) {
  if (alias ~ /^cpu:/) sub(/:feature:.*/, "", alias)
  if (alias ~ /^dmi:/) {
    n = split(alias, part, ":")
    alias = "dmi"
    for (i = 2; i <= n; i++) if (part[i] ~ /^(bvn|svn|pn|pvr|rvn|rn|cvn|ct)/) alias = alias ":" part[i]
  }
  return word(alias)
}
EOF
# Devices by how their aliases begin, so that each of twenty thousand patterns meets few of them.
function prepare(   alias, i) {
  for (alias in short) for (i = 1; i <= length(alias) && i <= 60; i++) by[substr(alias, 1, i)] = by[substr(alias, 1, i)] alias "\n"
}
function meet(kind, module, pattern,   start, literal, part, n, i, list) {
  start = match(pattern, /[*?[]/) ? substr(pattern, 1, RSTART - 1) : pattern
  start = substr(start, 1, 60)
  if (!(start in by)) return
  n = split(pattern, part, /[*?]|\[[^]]*\]/)
  for (i = 1; i <= n; i++) if (length(part[i]) > length(literal)) literal = part[i]
  gsub(/[.+$(){}|]/, "[&]", pattern)
  gsub(/\*/, ".*", pattern)
  gsub(/\?/, ".", pattern)
  n = split(by[start], list, "\n")
  for (i = 1; i < n; i++) if (index(list[i], literal) && list[i] ~ "^" pattern "$") fact("match " module " " kind " " short[list[i]])
}
{
  at = /^sys\// && match($0, /\/(uevent|status|uuid|type|tun_flags|current_device):/) ? RSTART + RLENGTH - 1 : index($0, ":")
  path = substr($0, 1, at - 1)
  $0 = substr($0, at + 1)
  split(path, dir, "/")
}
path == "day" { fact("seen " $1 " " $1) }
path == "kernel" { fact("kernel " (NF > 1 ? $1 " " $2 : "- " $1)) }
path == "config" { fact("config sha256:" $1 " " $2) }
path == "source" { count("source " $1, $2) }
path == "runtime" || path == "loader" { fact(path " " $1) }
path == "container" { fact("virt container") }
path == "secureboot" && NF == 5 { fact("secureboot " ($5 == 1 ? "yes" : "no")) }
path == "cpuinfo" && / hypervisor( |$)/ { fact("virt guest") }
path == "sys/hypervisor/type" && /^[a-z]+$/ { fact("virt " $1) }
path == "proc/modules" && isName($1) { most("module " $1, $3 + 0); if ($7 ~ /O/) fact("out-of-tree " $1) }
path == "proc/filesystems" { fileSystem($NF, "", "registered") }
path == "proc/mounts" { fileSystem($3, $4, "mounted") }
path == "etc/fstab" && $1 !~ /^#/ { fileSystem($3, $4, "fstab"); if ($3 == "swap") fact("swap fstab") }
path == "etc/crypttab" && NF > 1 && $1 !~ /^#/ {
  fact("crypttab " (match("," $4 ",", /,(plain|swap|tcrypt|bitlk),/) ? substr($4, RSTART, RLENGTH - 2) : "luks"))
  if (match("," $4, /,cipher=[a-z0-9_:()-]+/)) fact("cipher " substr($4, RSTART + 7, RLENGTH - 8))
}
path == "proc/swaps" && /^\// { fact("swap " ($1 ~ /^\/dev\/zram/ ? "zram" : $1 ~ /^\/dev\/(dm-|mapper\/)/ ? "dm" : $2 == "file" ? "file" : "partition")) }
path == "sys/module/zswap/parameters/enabled" && $1 == "Y" { fact("swap zswap") }
path ~ /comp_algorithm$/ { inBrackets("zram") }
path == "proc/mdstat" && $2 == ":" { for (i = 3; i <= NF; i++) if ($i ~ /^(linear|multipath|raid[0-9]+)$/) count("raid " $i, 1) }
path ~ /dm\/uuid$/ { count("dm " (match($0, /^(LVM|mpath|DMRAID|CRYPT-(LUKS1|LUKS2|PLAIN|VERITY|INTEGRITY|TCRYPT|BITLK))-/) ? substr($0, 1, RLENGTH - 1) : "other"), 1) }
path == "dmtable" && $2 $3 ~ /^[0-9]+$/ && isName($4) {
  count("target " $4, 1)
  if ($4 == "crypt" && $5 ~ /^[a-z0-9_:()-]+$/) fact("cipher " $5)
}
path == "proc/crypto" && $1 == "name" { algorithm = word(substr($0, index($0, ":") + 2)) }
path == "proc/crypto" && $1 == "driver" { algorithm = algorithm " " word(substr($0, index($0, ":") + 2)) }
path == "proc/crypto" && $1 == "module" { algorithm = algorithm " " ($3 == "kernel" ? "-" : word($3)) }
path == "proc/crypto" && $1 == "refcnt" && $3 > 1 { most("crypto " algorithm, $3 + 0) }
path == "proc/net/protocols" && $3 ~ /^[0-9]+$/ && $3 > 0 && isName($1) { fact("socket " $1 " " ($8 == "kernel" ? "-" : word($8))) }
path == "proc/net/ptype" && $1 ~ /^(ALL|[0-9a-f]+)$/ && NF > 1 { text = $NF ~ /^\[/ ? $(NF - 1) : $NF; if (text ~ /^[a-z_][A-Za-z0-9_.]*$/) fact("packet " $1 " " text) }
path ~ /_tables_names$/ && /^[a-z]+$/ { sub(/_.*/, "", dir[3]); fact("table " dir[3] " " $1) }
path ~ /^sys\/class\/net\/.*\/type$/ && /^[0-9]+$/ { count("arphrd " $1, 1) }
path ~ /\/tun_flags$/ { links["tun"]++ }
path ~ /^sys\/class\/net\/.*\/uevent$/ && sub(/^DEVTYPE=/, "") && isName($0) { links[$0]++ }
path == "links" { while (match($0, /"info_(slave_)?kind":"[a-z0-9_]+"/)) { text = substr($0, RSTART, RLENGTH - 1); sub(/.*"/, "", text); linkKinds[text]++; $0 = substr($0, RSTART + RLENGTH) } }
path == "qdiscs" { while (match($0, /"kind":"[a-z0-9_]+"/)) { fact("qdisc " substr($0, RSTART + 8, RLENGTH - 9) " used"); $0 = substr($0, RSTART + RLENGTH) } }
path == "proc/sys/net/core/default_qdisc" && isName($1) { fact("qdisc " $1 " default") }
path == "proc/cgroups" && $4 == 1 && isName($1) { fact("cgroup " $1 " enabled") }
path ~ /cgroup.controllers$/ { states("cgroup", " enabled") }
path ~ /cgroup.subtree_control$/ { states("cgroup", " delegated") }
path ~ /security\/lsm$/ { gsub(/,/, " "); states("lsm", "") }
path ~ /security\/lockdown$/ { inBrackets("lockdown") }
path ~ /apparmor\/profiles$/ { count("policy apparmor", 1) }
path ~ /selinux\/enforce$/ { count("policy selinux", 1) }
path == "proc/consoles" && $1 ~ /^[A-Za-z]+[0-9]*$/ { fact("console " $1 " active") }
path == "proc/cmdline" { parameters($0) }
path == "proc/misc" && $2 ~ /^[A-Za-z][A-Za-z0-9_-]*$/ { fact("misc " $2) }
path == "proc/tty/drivers" && $2 ~ /^\/dev\// && isName($1) { fact("tty " $1) }
path == "proc/interrupts" && $1 ~ /^CPU/ { cpus = NF }
path == "proc/interrupts" && $1 ~ /^[0-9]+:$/ { text = $(cpus + 2); sub(/-[0-9a-f]+:.*/, "", text); sub(/[^A-Za-z0-9_.-].*/, "", text); if (text ~ /^[A-Za-z]/) count("irqchip " text, 1) }
path == "proc/asound/modules" { cards[$1] = word($2) }
path == "proc/asound/cards" && /^ *[0-9]+ \[/ && match($0, /\]: .* - /) {
  text = substr($0, RSTART + 3)
  count("sound " word(substr(text, 1, index(text, " - ") - 1)) " " ($1 in cards ? cards[$1] : "-"), 1)
}
path ~ /current_clocksource$/ { states("clocksource", " current") }
path ~ /available_clocksource$/ { states("clocksource", " available") }
path ~ /\/current_device$/ && isName($1) { count("clockevent " $1, 1) }
path ~ /cpuidle\/current_driver$/ { states("cpuidle driver", "") }
path ~ /cpuidle\/current_governor/ { states("cpuidle governor", "") }
path ~ /scaling_driver$/ { states("cpufreq driver", "") }
path ~ /scaling_governor$/ { states("cpufreq governor", "") }
path == "proc/1/comm" { init = $1 ~ /^(systemd|init|openrc-init|runit|s6-svscan|dinit|procd|busybox|tini)$/ ? $1 : "other" }
path == "etc/os-release" { ownRelease = 1 }
path == "etc/os-release" || (path == "usr/lib/os-release" && !ownRelease) {
  gsub(/["\047]/, "")
  if (/^ID=[a-z0-9._-]+$/) os = substr($0, 4)
  if (/^VERSION_ID=[a-z0-9._-]+$/) version = substr($0, 12)
}
path == "name" && !/\*/ {
  split($0, p, "/")
  if (p[2] == "module") { if (p[4] == "initstate") loaded[p[3]]; else builtin[p[3]] }
  else if (p[2] == "bus") { if (p[4] == "drivers") drivers[p[3] " " word(p[5])]; else count("bus " p[3], p[4] == "devices") }
  else if (p[2] == "class") count("class " p[3], p[4] != "")
  else if (p[2] == "firmware" && p[4] != "tables") fact("firmware " p[3])
  else if (p[2] == "firmware" && p[5] ~ /^[A-Z]...+$/) count("acpi-table " substr(p[5], 1, 4), 1)
  else if (p[2] == "kernel") count("iommu", 1)
  else if (p[1] == "proc" && p[5] !~ /^(register|status)$/) count("binfmt", 1)
  else if (match($0, /shared-[0-9]+/) && substr($0, RSTART + 7, RLENGTH - 7) > systemd + 0) systemd = substr($0, RSTART + 7, RLENGTH - 7)
}
path == "link" { split($0, p, "/"); of[p[3] " " word(p[5])] = substr(p[6], 8) }
path ~ /^sys\/bus\/.*\/uevent$/ && sub(/^DRIVER=/, "") { driver[path] = word($0); bound[dir[3] " " word($0)]++ }
path ~ /\/uevent$/ && sub(/^MODALIAS=/, "") { alias[path] = $0 }
path ~ /\/status$/ && $1 == 0 { sub(/status$/, "uevent", path); delete alias[path] }
path == "alias" && !prepared++ {
  for (text in alias) {
    split(text, dir, "/")
    short[alias[text]] = shortAlias(alias[text])
    count("device " dir[3] " " (text in driver ? driver[text] : "-") " " short[alias[text]], 1)
  }
  prepare()
}
path == "alias" { meet($1, $2, substr($0, length($1 $2) + 3)) }
END {
  for (text in drivers) most("driver " text " " (text in of ? of[text] : "-"), bound[text] + 0)
  for (text in builtin) if (!(text in loaded)) fact("builtin " text)
  for (text in links) most("link " text, links[text])
  for (text in linkKinds) most("link " text, linkKinds[text])
  if (init != "") fact("init " init " " (init == "systemd" && systemd ? systemd : "-"))
  if (os != "") fact("os " os " " word(version))
  for (text in facts) print text
  for (text in counts) print text, counts[text]
}'
}

# The size is that of all other lines without their ends: the first one has 21 bytes.
echo 'kconfig-trim-record 1'
{ lines; names; questions; } | facts | sort -u | awk '{ print; size += length } END { print "size", size + 21 }' | sort
`;
