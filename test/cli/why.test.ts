import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModuleAnswer, ObjectAnswer, SymbolAnswer } from '../../src/trim/why-types.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { inOneLine, REPOSITORY, type Run, run } from './run.ts';

const example = join(REPOSITORY, 'fixtures/example');
const tree = ['-C', join(example, 'tree'), '-c', join(example, 'config'), '--no-exec'];
const listing = ['-l', join(example, 'lsmod.txt')];

const why = (name: string, ...more: string[]): Promise<Run> => run(['why', name, ...tree, ...listing, ...more]);

interface Answered {
  readonly schema: string;
  readonly listings: readonly { readonly modules: number }[];
  readonly answers: readonly (SymbolAnswer | ModuleAnswer)[];
}
const json = async (name: string, ...more: string[]): Promise<Answered> =>
  JSON.parse((await why(name, '--json', ...more)).stdout) as Answered;

/** The keys of answers. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  symbol: [
    ...['kind', 'name', 'type', 'value', 'prompt', 'visibility', 'definedAt', 'setBy', 'blockers', 'remedy'],
    ...['hindrances', 'trimmed'],
  ],
  module: [
    ...['kind', 'name', 'path', 'value', 'symbols', 'at', 'blockers', 'remedy', 'hindrances', 'loaded', 'trimmed'],
  ],
  object: ['kind', 'name', 'value', 'modules', 'symbols', 'at'],
};

describe('why', () => {
  // A machine that has modules lists its own.
  it.skipIf(existsSync('/proc/modules'))(
    'says that options of a trim are ignored where there is no list of modules',
    async () => {
      const none = { env: { LSMOD: '', PATH: '' } };
      const alone = await run(['why', 'LEDS_CLASS', ...tree, '--deep', '--keep', 'USB'], none);
      expect(alone.status).toBe(0);
      expect(inOneLine(alone.stderr)).toContain(
        'warning: --deep and --keep ignored: no module list here to trim for; name one with --lsmod FILE',
      );
      expect((await why('LEDS_CLASS', '--deep')).stderr).not.toContain('ignored');
    },
  );

  it('leads from a loaded module to what is kept, with the lines that say so', async () => {
    const { status, stdout, stderr } = await why('CONFIG_LEDS_CLASS');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    // Where lines are broken depends on how long the paths of this machine are.
    expect(inOneLine(stdout)).toMatch(
      new RegExp(
        [
          /^LEDS_CLASS=m tristate, "LED Class Support" drivers\/leds\/Kconfig:7/,
          /value set in \S*\/config/,
          /trim stays m:/,
          /mac80211 has the feature MAC80211_LEDS net\/mac80211\/Makefile:5/,
          /MAC80211_LEDS depends on LEDS_CLASS=y \|\| LEDS_CLASS=MAC80211 net\/mac80211\/Kconfig:12$/,
        ]
          .map(({ source }) => source)
          .join(' '),
      ),
    );
  });

  it('answers for a module and the symbol of its name', async () => {
    const { answers } = await json('xfrm_algo');
    expect(answers.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['module xfrm_algo', 'symbol XFRM_ALGO']);
    const [module, symbol] = answers as [ModuleAnswer, SymbolAnswer];
    expect(module).toMatchObject({ value: 'm', path: 'net/xfrm/xfrm_algo', trimmed: { fate: 'loaded', value: 'm' } });
    expect(symbol.setBy.kind).toBe('select');
    expect(symbol.setBy.by.map(({ text }) => text)).toEqual(['XFRM_USER', 'INET_ESP', 'FERRY_IPSEC']);
  });

  it('says what goes and how to keep it, and what goes with it', async () => {
    expect((await why('XENO_FS')).stdout).toContain(
      'turned off, no loaded module needs it (to keep it: --keep XENO_FS)',
    );
    expect((await json('XENO_FS', '--keep', 'XENO_FS')).answers[0]?.trimmed).toMatchObject({
      fate: 'kept',
      value: 'm',
    });
    const [smm] = (await json('KVM_SMM')).answers;
    expect(smm?.trimmed).toMatchObject({
      fate: 'gone',
      blockers: [{ condition: 'KVM', at: { file: 'arch/x86/Kconfig' }, operands: [{ symbol: 'KVM', value: 'n' }] }],
    });
  });

  it('explains a trim with values that were asked for', async () => {
    expect((await why('ZRAM', '--set', 'ZRAM=m')).stdout).toContain('becomes m: asked for (--set)');
    expect((await why('KVM', '--unset', 'KVM')).stdout).toContain('turned off: asked for (--unset)');
    const [symbol] = (await json('LOG_BUF_SHIFT', '--set', 'LOG_BUF_SHIFT=20')).answers;
    const reason = { reason: 'set', for: ['LOG_BUF_SHIFT'], evidence: ['--set'] };
    expect(symbol?.trimmed).toMatchObject({ fate: 'kept', value: '20', reason });
    const missing = await why('ZRAM', '--fragment', 'no-such.config');
    expect(missing).toMatchObject({ status: 2, stdout: '' });
    expect(missing.stderr).toContain('no-such.config');
  });

  it('says which condition fails and what turns it on', async () => {
    const [module] = (await json('drivers/usb/misc/dock.ko')).answers.filter(
      (answer) => answer.kind === 'module' && answer.path === 'drivers/usb/misc/dock',
    ) as [ModuleAnswer];
    expect(module.blockers.map(({ kind, condition }) => `${kind} ${condition}`)).toEqual([
      expect.stringContaining('builds USB_DOCK'),
      'depends X86_DOCK=n',
    ]);
    expect(module.remedy?.changes).toContainEqual({ symbol: 'USB_DOCK', value: 'm' });
    expect((await why('zram')).stdout).toContain('scripts/config -m ZRAM && make olddefconfig');
  });

  it('names the config that it read, for a module as for a symbol', async () => {
    const answer = inOneLine((await why('xfrm_algo')).stdout);
    expect(answer).toMatch(
      /^xfrm_algo module net\/xfrm\/xfrm_algo\.ko config built as a module by .* in \S*\/example\/config /,
    );
    expect(inOneLine((await why('zram')).stdout)).toMatch(/ config not built by ZRAM=n in \S*\/example\/config /);
  });

  it('tells what became of a loaded module that the tree does not have', async () => {
    expect((await why('nvidia')).stdout).toMatch(
      /^nvidia {2}module, not in this tree\n.*loaded +unknown: not in this tree/,
    );
    const [old, now] = (await json('heron_gpio')).answers as [ModuleAnswer, ModuleAnswer];
    expect(old).toMatchObject({ path: null, loaded: { status: 'renamed' } });
    expect(now).toMatchObject({ name: 'heron', value: 'm' });
  });

  it('explains the config alone where there is no listing', async () => {
    const { status, stdout } = await run(['why', 'HERON', ...tree], { env: { LSMOD: join(example, 'lsmod.txt') } });
    expect(status).toBe(0);
    expect(stdout).toContain('heron is built by HERON');
    expect((await run(['why', 'HERON', ...tree, '-l', '/nonexistent'])).status).toBe(2);
  });

  it('says so of a name that is not known before the trim, which finds that the listing does not fit', async () => {
    const folder = temporaryFolder();
    const foreign = join(folder, 'lsmod.txt');
    writeFileSync(
      foreign,
      'Module                  Size  Used by\nno_one 1 0\nno_two 1 0\nno_three 1 0\nno_four 1 0\n',
    );
    const of = (name: string): Promise<Run> => run(['why', name, ...tree, '-l', foreign, '--deep=bold']);
    expect((await of('NO_SUCH_SYMBOL')).stderr).toContain(
      "no symbol, module or object file is called 'NO_SUCH_SYMBOL'",
    );
    for (const name of ['HERON', 'heron', 'no_one'])
      expect((await of(name)).stderr).toContain('the listing looks like');
  });

  it('says of a module that is gone and not in the listing what became of it, and not that it is loaded', async () => {
    const gone = inOneLine((await why('usb')).stdout);
    expect(gone).toContain('usb module, not in this tree known renamed: likely now usbcore');
    expect(inOneLine((await why('nvidia')).stdout)).toContain('nvidia module, not in this tree loaded unknown:');
  });

  it('exits 2 for a name that is not known, and offers others', async () => {
    expect(await why('mac80112')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/near it: mac80211, /i),
    });
    for (const [word, near] of [
      ['CONFIG_MAC80211=m', 'MAC80211'],
      ['HERON=y', 'HERON'],
    ])
      expect((await why(word!)).stderr).toMatch(new RegExp(`is called '${word}'; near it: ${near}[,\\n]`));
    expect(await why('no_such_thing_at_all')).toMatchObject({
      status: 2,
      stderr: expect.not.stringContaining('near it'),
    });
  });

  it('says what became of a symbol that the tree does not have', async () => {
    const { status, stderr } = await why('CONFIG_USER_COMPAT');
    expect(status).toBe(2);
    expect(inOneLine(stderr)).toBe(
      "kconfig-trim: error: no symbol, module or object file is called 'CONFIG_USER_COMPAT'; " +
        'its code is part of net/xfrm/xfrm_user now, built by XFRM_USER (net/xfrm/Makefile:6)',
    );
  });

  it.each([
    [' ', "no symbol, module or object file is called ' '"],
    ['net/xfrm/', 'net/xfrm/ is a directory; name a symbol, a module or an object file of it'],
  ])('%j: says what else it is', async (name, message) => {
    expect(await why(name)).toEqual({ status: 2, stdout: '', stderr: `kconfig-trim: error: ${message}\n` });
  });

  it('takes object and source files, and paths of modules', async () => {
    const [object, ...whole] = (await json('drivers/net/ethernet/heron/heron_mbox.c'))
      .answers as unknown as ObjectAnswer[];
    expect(object).toMatchObject({
      kind: 'object',
      name: 'drivers/net/ethernet/heron/heron_mbox.o',
      value: 'm',
      modules: ['drivers/net/ethernet/heron/heron', 'drivers/net/ethernet/heron/heron_vf'],
    });
    expect(whole.map(({ name }) => name)).toEqual(['heron', 'heron_vf']);
    const sriov = inOneLine((await why('drivers/net/ethernet/heron/heron_sriov.o')).stdout);
    expect(sriov).toMatch(
      / object of drivers\/net\/ethernet\/heron\/heron\.ko config compiled for a module by HERON_SRIOV=y in \S*\/example\/config drivers\/net\/ethernet\/heron\/Makefile:7 /,
    );
    expect((await json('/lib/modules/6.12/kernel/drivers/net/ethernet/heron/heron.ko.xz')).answers).toMatchObject([
      { kind: 'module', path: 'drivers/net/ethernet/heron/heron' },
    ]);
    expect((await why('drivers/net/ethernet')).status).toBe(2);
    expect((await why('drivers/net/no_such.o')).status).toBe(2);
  });

  it('takes the name of an object file alone, and that of a module itself', async () => {
    const path = 'net/8021q/vlan_gvrp.o';
    for (const name of ['vlan_gvrp.o', '8021q/vlan_gvrp.c', path]) {
      const [first] = (await json(name)).answers as unknown as ObjectAnswer[];
      expect(first).toMatchObject({ kind: 'object', name: path, modules: ['net/8021q/8021q'] });
    }
    const heron = 'drivers/net/ethernet/heron/heron.o';
    for (const name of [heron, 'heron.o']) {
      const [object, module] = (await json(name)).answers as unknown as ObjectAnswer[];
      expect(object).toMatchObject({
        kind: 'object',
        name: heron,
        value: 'm',
        symbols: [{ name: 'HERON', value: 'm' }],
      });
      expect(module).toMatchObject({ kind: 'module', name: 'heron' });
    }
  });

  it('names object files that are called alike, and those of one name', async () => {
    expect(inOneLine((await why('vlan_grvp.o')).stderr)).toContain(
      "no symbol, module or object file is called 'vlan_grvp.o'; near it: net/8021q/vlan_gvrp.o",
    );
    const { status, stderr } = await why('core.o');
    expect(status).toBe(2);
    expect(inOneLine(stderr)).toMatch(/ \d+ object files are called 'core\.o', name one with its path: \S+\/core\.o, /);
  });

  it('has the form that docs/json.md documents', async () => {
    for (const name of ['LEDS_CLASS', 'zram', 'nvidia', 'NOVA_FW_CACHED', 'drivers/net/ethernet/heron/heron_main.o']) {
      const answered = await json(name);
      expect(Object.keys(answered)).toEqual(['schema', 'name', 'tree', 'config', 'listings', 'answers']);
      expect(answered.schema).toBe('kconfig-trim/why-1');
      expect(answered.answers.length).toBeGreaterThan(0);
      for (const answer of answered.answers) {
        expect(Object.keys(answer).sort()).toEqual([...KEYS[answer.kind]!].sort());
        if ((answer as { kind: string }).kind === 'object') continue;
        for (const link of answer.trimmed?.chain ?? []) {
          expect(Object.keys(link)).toEqual(['kind', 'from', 'to', 'condition', 'at']);
          expect(link.at).toMatchObject({ file: expect.any(String), line: expect.any(Number) });
        }
      }
    }
  });
});

describe('why --format', () => {
  it('writes graphs, and what the program prints otherwise', async () => {
    const { stdout } = await why('LEDS_CLASS');
    expect(await why('LEDS_CLASS', '--format', 'text')).toEqual({ status: 0, stdout, stderr: '' });
    const { stdout: object } = await why('LEDS_CLASS', '--json');
    expect(await why('LEDS_CLASS', '--format', 'json')).toEqual({ status: 0, stdout: object, stderr: '' });
    expect((await why('LEDS_CLASS', '--format', 'dot')).stdout).toMatch(/^digraph why \{\n[\s\S]*\n\}\n$/);
    expect((await why('LEDS_CLASS', '--format', 'mermaid')).stdout).toMatch(/^flowchart LR\n/);
  });

  it('refuses what there is none of, and two at once', async () => {
    const unknown = await why('LEDS_CLASS', '--format', 'svg');
    expect(unknown).toMatchObject({ status: 2, stdout: '' });
    expect(unknown.stderr).toContain('text, json, dot, mermaid');
    expect(await why('LEDS_CLASS', '--format', 'dot', '--json')).toMatchObject({ status: 2, stdout: '' });
  });
});
