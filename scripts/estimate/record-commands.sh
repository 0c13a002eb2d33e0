#!/usr/bin/env bash
# Has Kbuild write down the command of every translation unit of a config, and compiles next to nothing:
#
#   scripts/estimate/record-commands.sh TREE OBJDIR COMPILER [MAKE-VARIABLE…]
#
# OBJDIR is a new directory that holds the .config. COMPILER is the program that make would use (gcc, clang,
# aarch64-linux-gnu-gcc); timed-compiler.c stands in for it. The variables go to make: ARCH=arm64, LLVM=1, …
# UNITS=FILE records only the units of that list (objects, one a line), which is much faster; units that have no rule in
# their own directory are recorded with all of the directory four levels deep that holds them.
# What is prepared (offsets, fixdep, genksyms, objtool) is real, so that measure.ts can use it. Links of the empty
# objects may fail; only the commands are wanted.
set -euo pipefail
tree=$(cd "$1" && pwd); objdir=$(cd "$2" && pwd); compiler=$3; shift 3
here=$(cd "$(dirname "$0")" && pwd)
bin=$(mktemp -d); trap 'rm -r "$bin"' EXIT
gcc -O2 -o "$bin/$compiler" "$here/timed-compiler.c"
"$compiler" -x c -c /dev/null -o "$bin/empty.o"
make=(make -s -C "$tree" O="$objdir" "$@" CC="$bin/$compiler" -j "${JOBS:-2}")
"${make[@]}" olddefconfig prepare modules_prepare
units_file=${UNITS:+$(realpath "$UNITS")}
cd "$tree"
directories=()
for makefile in */Makefile; do
  case $makefile in arch/* | scripts/* | tools/* | usr/* | samples/* | rust/* | include/* | Documentation/*) ;;
  *) directories+=("${makefile%/*}/") ;;
  esac
done
arch=$(sed -n 's/^# Linux\/\(\S*\) .*/\1/p' "$objdir/.config"); [ "$arch" = x86_64 ] && arch=x86
[ ! -d "arch/$arch/lib" ] || directories+=("arch/$arch/lib/")
record() {
  [ $# -eq 0 ] || STAND_IN=$bin/empty.o "${make[@]}" -k "$@" >>"$objdir/stand-in.log" 2>&1 || true
}
if [ -z "${UNITS:-}" ]; then
  record "arch/$arch/" "${directories[@]}"
else
  mapfile -t units <"$units_file"
  record "${units[@]}"
  for unit in "${units[@]}"; do
    [ -e "$objdir/${unit%/*}/.${unit##*/}.cmd" ] || cut -d/ -f1-4 <<<"${unit%/*}/"
  done | sed 's#/*$#/#' | sort -u >"$bin/rest"
  mapfile -t rest <"$bin/rest"
  record "${rest[@]}"
fi
