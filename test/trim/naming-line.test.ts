/** The line of a Kbuild file that names a symbol, where make takes the object from another one. */
import { expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { featureLink } from '../../src/trim/module-links.ts';
import { namingLine } from '../../src/trim/naming-line.ts';
import { parseText } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const FILES = {
  Makefile: '',
  'scripts/Kbuild.include': '',
  'scripts/Makefile.compiler': '',
  'arch/x86/Makefile': '',
  Kbuild: 'obj-y += net/\n',
  'net/Makefile': `# CONFIG_SLOW and CONFIG_RATE are features
obj-$(CONFIG_NET) += net.o
net-$(CONFIG_FAST) += fast.o \\
	faster.o
net-$(CONFIG_SLOW) += slower.o
net-$(CONFIG_SLOW) += slow.o

ifdef CONFIG_TRACE
trace-y := trace.o
endif
net-objs := main.o $(net-y) $(trace-y)
rate-y := rate.o
net-$(CONFIG_RATE) += $(rate-y)
ifneq ($(CONFIG_EXTRA),)
include $(srctree)/net/extra/Makefile
endif
net-objs += $(EXTRA)
`,
  'net/extra/Makefile': 'EXTRA := extra/one.o\n',
};

const kbuild = KbuildTree.load({
  fs: memoryFs(Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`/tree/${path}`, text]))),
  tree: '/tree',
  srcarch: 'x86',
});

it.each([
  ['names it itself', 'net/Makefile:2', 'net/net.o', 'NET', 'net/Makefile:2'],
  ['uses a variable', 'net/Makefile:11', 'net/fast.o', 'FAST', 'net/Makefile:3'],
  ['uses a variable of several lines', 'net/Makefile:11', 'net/faster.o', 'FAST', 'net/Makefile:3'],
  ['uses one of two that name it', 'net/Makefile:11', 'net/slow.o', 'SLOW', 'net/Makefile:6'],
  ['uses a variable that a conditional sets', 'net/Makefile:11', 'net/trace.o', 'TRACE', 'net/Makefile:8'],
  ['stands in a conditional', 'net/Makefile:9', 'net/trace.o', 'TRACE', 'net/Makefile:8'],
  ['sets the variable', 'net/Makefile:12', 'net/rate.o', 'RATE', 'net/Makefile:13'],
  ['stands in a file that is included', 'net/extra/Makefile:1', 'net/extra/one.o', 'EXTRA', 'net/Makefile:14'],
  ['knows no such symbol', 'net/Makefile:11', 'net/main.o', 'FASTER', 'net/Makefile:11'],
  ['stands in a file that is gone', 'net/Gone:3', 'net/main.o', 'FASTER', 'net/Gone:3'],
])('is found where the line %s', (_, from, object, symbol, expected) => {
  const [file, line] = from.split(':');
  const found = namingLine({ file: file!, line: Number(line), column: 0 }, object, symbol, 'net', kbuild);
  expect(`${found.file}:${found.line}`).toBe(expected);
});

it('is the place of a link from a module to its feature', () => {
  const kconfig = parseText('config TRACE\n\tbool "trace"\n');
  const [module] = kbuild.modules.byName('net');
  const [gate] = kbuild.modules.gatedBy('TRACE');
  expect(gate!.at!.line).toBe(11);
  const link = featureLink({ module: module!, symbol: kconfig.symbols.find('TRACE')! }, kbuild, kconfig);
  expect(link).toMatchObject({ from: 'net', to: 'TRACE', at: { file: 'net/Makefile', line: 8 } });
});
