import { expect, it } from 'vitest';
import { answerProbes } from '../../src/dotconfig/probe-answers.ts';
import { dotConfigValues } from '../../src/dotconfig/scan.ts';
import { configure, parseText } from '../helpers/kconfig.ts';

/** The .config that comes of one when no program runs. */
function kept(kconfig: string, config: string): string[] {
  const tree = parseText(kconfig, { shell: () => null });
  answerProbes(tree, dotConfigValues(config));
  const lines = configure(tree, config);
  return tree.symbols.all.flatMap((symbol) =>
    symbol.isDefined && symbol.name ? [`${symbol.name}=${lines.text(symbol)}`] : [],
  );
}

const FLAG =
  'config FLAG\n\tstring\n\tdefault "-new" if $(shell,new)\n\tdefault "-mid" if $(shell,mid)\n\tdefault "-old"\n';

it.each(['-new', '-mid', '-old'])('of several texts the one that the config has: %s', (text) => {
  expect(kept(FLAG, `CONFIG_FLAG="${text}"\n`)).toEqual([`FLAG=${text}`]);
});

it.each(['64', '32'])('of several numbers the one that the config has: %s', (text) => {
  const bits = 'config BITS\n\tint\n\tdefault 64 if !$(shell,narrow)\n\tdefault 32\n';
  expect(kept(bits, `CONFIG_BITS=${text}\n`)).toEqual([`BITS=${text}`]);
});

it('what a user may have set says nothing for sure', () => {
  const asked = 'config NEW\n\tdef_bool $(shell,new)\nconfig FLAG\n\tstring "flag"\n\tdefault "-new" if $(shell,new)\n';
  expect(kept(asked, 'CONFIG_NEW=y\nCONFIG_FLAG="-own"\n')).toEqual(['NEW=y', 'FLAG=-own']);
});
