#!/usr/bin/env bash
# Builds one kernel for real, stage by stage, and writes down the CPU seconds (user + system, all children) of each.
#
#   scripts/estimate/build-whole.sh TREE OBJDIR NAME OUT.csv      OBJDIR holds the .config to build
#
# Stages: prepare (host programs, generated headers), units (everything compiled into vmlinux.o), vmlinux (link and
# objtool of vmlinux.o once more, modpost, links, kallsyms, BTF), null (make finding nothing to do, which is in the
# stages around it too), btf (pahole's share of vmlinux), modules (their units and all that follows), image. The
# calibration text is compiled before and after each, as the yardstick for the load of the machine. TREE stays clean;
# OBJDIR must be a new one. JOBS sets make's -j (1).
set -euo pipefail
tree=$(cd "$1" && pwd); objdir=$(cd "$2" && pwd); name=$3; out=$(realpath "$4")
here=$(cd "$(dirname "$0")" && pwd)
jobs=${JOBS:-1}
cc=${CC:-gcc}
text=$objdir/calibration.c
(cd "$here" && npx tsx print-calibration-source.ts) >"$text" 2>/dev/null
TIMEFORMAT='%3U %3S'
make=(make -s -C "$tree" O="$objdir" CC="$cc" -j "$jobs")
reference() {
  { time "$cc" -w -O2 -ffreestanding -x c -c "$text" -o /dev/null; } 2>&1 | awk '{print $1 + $2}'
}
[ -e "$out" ] || echo 'build,stage,seconds,reference,objects' >"$out"
stage() { # NAME TARGET…
  local stage=$1 before after spent; shift
  before=$(reference)
  spent=$({ time "${make[@]}" "$@" >>"$objdir/build.log" 2>&1; } 2>&1 | tail -n 1 | awk '{print $1 + $2}')
  after=$(reference)
  objects=$(find "$objdir" -name '.*.o.cmd' ! -name '*.mod.o.cmd' -print0 | xargs -0 grep -l -- '-D__KERNEL__.* -c -o' | wc -l)
  echo "$name,$stage,$spent,$(echo "$before $after" | awk '{print ($1 + $2) / 2}'),$objects" >>"$out"
}
"${make[@]}" olddefconfig
stage prepare prepare modules_prepare
stage units vmlinux_o
rm "$objdir/vmlinux.o"
stage vmlinux vmlinux
stage null vmlinux
# Of that, BTF: pahole once more, on a copy.
if grep -q '^CONFIG_DEBUG_INFO_BTF=y' "$objdir/.config"; then
  cp "$objdir/vmlinux" "$objdir/btf-copy"
  spent=$({ time pahole -J --btf_gen_floats -j "$objdir/btf-copy" >/dev/null 2>&1; } 2>&1 | awk '{print $1 + $2}')
  echo "$name,btf,$spent,$(reference),$objects" >>"$out"
  rm "$objdir/btf-copy"
fi
grep -q '^CONFIG_MODULES=y' "$objdir/.config" && stage modules modules
stage image "${IMAGE_TARGET:-bzImage}"
