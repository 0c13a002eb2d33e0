/**
 * Measures what a module costs beside its translation units: the compilation of its `.mod.c`, the links of the
 * composite object and of the `.ko`, and BTF against the kernel's own.
 *
 *   npx tsx scripts/estimate/measure-modules.ts --objdir DIR --vmlinux FILE --out FILE.csv [--sample N] [--members N]
 *
 * DIR as for measure.ts; vmlinux is one with a `.BTF` section, as scripts/extract-vmlinux takes it out of the image of
 * a distribution's kernel of the same version and config. Modules of more than --members objects (12) are left out: the
 * cost by object follows from the smaller ones.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrationSource } from '../../src/estimate/calibration-source.ts';

const { values: args } = parseArgs({
  options: {
    objdir: { type: 'string' },
    vmlinux: { type: 'string' },
    out: { type: 'string' },
    sample: { type: 'string', default: '50' },
    members: { type: 'string', default: '12' },
    scratch: { type: 'string', default: join(tmpdir(), `estimate-${process.pid}`) },
  },
});
if (!args.objdir || !args.vmlinux || !args.out) throw new Error('--objdir, --vmlinux and --out are needed');
const objdir = resolve(args.objdir);
const { out } = args;
const vmlinux = resolve(args.vmlinux);
const scratch = resolve(args.scratch);
mkdirSync(scratch, { recursive: true });
writeFileSync(join(scratch, 'calibration.c'), calibrationSource());

/** CPU seconds of one shell command, NaN where it fails. */
function cpuSeconds(command: string): number {
  const script = `TIMEFORMAT='T %3U %3S'\ntime { { ${command} ; } >/dev/null 2>&1 || echo FAILED >&2; }`;
  const { stderr } = spawnSync('bash', ['-c', script], { cwd: objdir, encoding: 'latin1' });
  const match = stderr.match(/^T (\S+) (\S+)$/m);
  return !match || stderr.includes('FAILED') ? Number.NaN : Number(match[1]) + Number(match[2]);
}

function findModules(dir: string, found: string[] = []): string[] {
  for (const entry of readdirSync(join(objdir, dir), { withFileTypes: true })) {
    const path = dir ? `${dir}/${entry.name}` : entry.name;
    if (entry.isDirectory()) findModules(path, found);
    else if (entry.name.endsWith('.mod')) found.push(path.slice(0, -4));
  }
  return found;
}

/** The recorded compile command, for another source and output. */
function compileCommand(object: string, source: string | null, output: string): string | null {
  const file = join(objdir, dirname(object), `.${object.slice(object.lastIndexOf('/') + 1)}.cmd`);
  if (!existsSync(file)) return null;
  const line = readFileSync(file, 'latin1')
    .match(/^savedcmd_\S+ := (.*)$/m)?.[1]
    ?.split(' ; ')[0]
    ?.trim();
  const match = line?.match(/^\S+ (.*) -c -o \S+ (\S+)$/);
  if (!match) return null;
  const flags = match[1]!
    .replaceAll('$$', '$')
    .replaceAll('\\#', '#')
    .replace(/-Wp,-MMD,\S+/, '');
  return `gcc ${flags} -c -o ${output} ${source ?? match[2]}`;
}

const MOD_C = `#include <linux/module.h>
#include <linux/export-internal.h>
#include <linux/compiler.h>
MODULE_INFO(name, KBUILD_MODNAME);
__visible struct module __this_module __section(".gnu.linkonce.this_module") = { .name = KBUILD_MODNAME, .arch = MODULE_ARCH_INIT };
MODULE_INFO(intree, "Y");
static const struct modversion_info ____versions[] __used __section("__versions") = { { 0x1, "module_layout" } };
MODULE_INFO(depends, "");
`;
writeFileSync(join(scratch, 'module.mod.c'), MOD_C);

const HEADER = 'module,members,modc,link,btf,reference\n';
if (!existsSync(out)) writeFileSync(out, HEADER);
const done = new Set(
  readFileSync(out, 'latin1')
    .split('\n')
    .map((line) => line.split(',')[0]),
);
const modules = findModules('').sort();
const step = modules.length / Number(args.sample);
for (let at = step / 2; at < modules.length; at += step) {
  const module = modules[Math.floor(at)]!;
  if (done.has(module)) continue;
  const members = [
    ...new Set(
      readFileSync(join(objdir, `${module}.mod`), 'latin1')
        .split('\n')
        .filter(Boolean),
    ),
  ];
  if (members.length > Number(args.members)) continue;
  const objects = members.map((_, index) => join(scratch, `member${index}.o`));
  const compiled = members.every((member, index) => {
    const command = compileCommand(member, null, objects[index]!);
    return command !== null && !Number.isNaN(cpuSeconds(command));
  });
  const modC = compileCommand(members[0]!, join(scratch, 'module.mod.c'), join(scratch, 'module.mod.o'));
  if (!compiled || !modC) continue;
  const whole = members.length > 1 ? join(scratch, 'whole.o') : objects[0]!;
  const ko = join(scratch, 'module.ko');
  const composite = members.length > 1 ? `ld -m elf_x86_64 -z noexecstack -r -o ${whole} ${objects.join(' ')}` : 'true';
  const final = `ld -r -m elf_x86_64 -z noexecstack --build-id=sha1 -T scripts/module.lds -o ${ko} ${whole} ${scratch}/module.mod.o`;
  const btf =
    `pahole -J --btf_gen_floats -j --lang_exclude=rust --btf_base ${vmlinux} ${ko}` +
    ` && ./tools/bpf/resolve_btfids/resolve_btfids -b ${vmlinux} ${ko}`;
  const reference = cpuSeconds(
    `gcc -w -O2 -ffreestanding -x c -c ${scratch}/calibration.c -o ${scratch}/calibration.o`,
  );
  const times = [modC, `${composite} && ${final}`, btf].map((command) => cpuSeconds(command).toFixed(3));
  appendFileSync(out, `${module},${members.length},${times.join(',')},${reference.toFixed(3)}\n`);
}
