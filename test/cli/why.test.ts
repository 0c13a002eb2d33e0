import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModuleAnswer, SymbolAnswer } from '../../src/trim/why-types.ts';
import { REPOSITORY, type Run, run } from './run.ts';

const example = join(REPOSITORY, 'fixtures/example');
const tree = ['-C', join(example, 'tree'), '-c', join(example, 'config')];
const listing = ['-l', join(example, 'lsmod.txt')];

const why = (name: string, ...more: string[]): Run => run(['why', name, ...tree, ...listing, ...more]);

interface Answered {
  readonly schema: string;
  readonly listings: readonly { readonly modules: number }[];
  readonly answers: readonly (SymbolAnswer | ModuleAnswer)[];
}
const json = (name: string, ...more: string[]): Answered => JSON.parse(why(name, '--json', ...more).stdout) as Answered;

describe('why', () => {
  it('leads from a loaded module to what is kept, with the lines that say so', () => {
    const { status, stdout, stderr } = why('CONFIG_LEDS_CLASS');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n').map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
      'LEDS_CLASS=m tristate, "LED Class Support" drivers/leds/Kconfig:7',
      expect.stringMatching(/^value set in .*\/config$/),
      'trim stays m:',
      'mac80211 has the feature MAC80211_LEDS net/mac80211/Makefile:5',
      'MAC80211_LEDS depends on LEDS_CLASS=y || LEDS_CLASS=MAC80211 net/mac80211/Kconfig:12',
      '',
    ]);
  });

  it('answers for a module and the symbol of its name', () => {
    const { answers } = json('xfrm_algo');
    expect(answers.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['module xfrm_algo', 'symbol XFRM_ALGO']);
    const [module, symbol] = answers as [ModuleAnswer, SymbolAnswer];
    expect(module).toMatchObject({ value: 'm', path: 'net/xfrm/xfrm_algo', trimmed: { fate: 'loaded', value: 'm' } });
    expect(symbol.setBy.kind).toBe('select');
    expect(symbol.setBy.by.map(({ text }) => text)).toEqual(['XFRM_USER', 'INET_ESP', 'FERRY_IPSEC']);
  });

  it('says what goes and how to keep it, and what goes with it', () => {
    expect(why('XENO_FS').stdout).toContain('turned off, no loaded module needs it (to keep it: --keep XENO_FS)');
    expect(json('XENO_FS', '--keep', 'XENO_FS').answers[0]?.trimmed).toMatchObject({ fate: 'kept', value: 'm' });
    const [smm] = json('KVM_SMM').answers;
    expect(smm?.trimmed).toMatchObject({
      fate: 'gone',
      blockers: [{ condition: 'KVM', at: { file: 'arch/x86/Kconfig' }, operands: [{ symbol: 'KVM', value: 'n' }] }],
    });
  });

  it('says which condition fails and what turns it on', () => {
    const [module] = json('drivers/usb/misc/dock.ko').answers.filter(
      (answer) => answer.kind === 'module' && answer.path === 'drivers/usb/misc/dock',
    ) as [ModuleAnswer];
    expect(module.blockers.map(({ kind, condition }) => `${kind} ${condition}`)).toEqual([
      expect.stringContaining('builds USB_DOCK'),
      'depends X86_DOCK=n',
    ]);
    expect(module.remedy?.changes).toContainEqual({ symbol: 'USB_DOCK', value: 'm' });
    expect(why('zram').stdout).toContain('scripts/config -m ZRAM && make olddefconfig');
  });

  it('tells what became of a loaded module that the tree does not have', () => {
    expect(why('nvidia').stdout).toMatch(/^nvidia {2}module, not in this tree\n.*loaded +unknown: not in this tree/);
    const [old, now] = json('heron_gpio').answers as [ModuleAnswer, ModuleAnswer];
    expect(old).toMatchObject({ path: null, loaded: { status: 'renamed' } });
    expect(now).toMatchObject({ name: 'heron', value: 'm' });
  });

  it('explains the config alone where there is no listing', () => {
    const { status, stdout } = run(['why', 'HERON', ...tree], { env: { LSMOD: join(example, 'lsmod.txt') } });
    expect(status).toBe(0);
    expect(stdout).toContain('heron is built by HERON');
    expect(run(['why', 'HERON', ...tree, '-l', '/nonexistent']).status).toBe(2);
  });

  it('exits 2 for a name that is not known, and offers others', () => {
    expect(why('mac80112')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/near it: mac80211, /i),
    });
    expect(why('no_such_thing_at_all')).toMatchObject({ status: 2, stderr: expect.not.stringContaining('near it') });
  });
});
