import { describe, expect, it } from 'vitest';
import { renderText, type Screen } from '../../src/report/styled-text.ts';
import { type TrimReport, trimReport } from '../../src/report/trim-report.ts';
import type { LoadedReport, LoadedStatus, TrimResult } from '../../src/trim/types.ts';

const module = (name: string, status: LoadedStatus, note = ''): LoadedReport => ({
  name,
  status,
  path: null,
  symbols: [],
  enable: status === 'off' ? 'possible' : null,
  note,
});
const modules = (names: string, status: LoadedStatus, note?: string): LoadedReport[] =>
  names.split(' ').map((name) => module(name, status, note));

const LOADED = [
  ...modules('ext4 i915', 'kept'),
  ...modules('lost_one', 'lost'),
  ...modules('842_compress 842_decompress snd_sof_amd_renoir snd_sof_amd_vangogh snd_sof_amd_acp63', 'off'),
  ...modules('old_name older_name', 'renamed', 'now new_name (drivers/new/name/new_name), whose alias is its old name'),
  ...modules('nvidia nvidia_drm nvidia_modeset nvidia_uvm vboxdrv vboxnetadp vboxnetflt', 'unknown'),
];

function report(loaded: readonly LoadedReport[] = LOADED, warnings: readonly string[] = []): TrimReport {
  const build = { modules: [], units: [] };
  const features = ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE'].map((symbol) => ({
    symbol,
    costs: [`${symbol}_MORE`],
    to: 'y',
  }));
  const result = {
    ...{ baseBuild: build, build, loaded, features, isEnabled: false },
    ...{ requests: [], changed: [], recorded: [], kept: [], settings: null, deep: null, violations: [], keep: [] },
  } as unknown as TrimResult;
  const cost = { objects: 1, cpuSeconds: 100, wallSeconds: 100 };
  return {
    ...{ tree: { version: '6.12', arch: 'x86' }, base: { source: '.config', unknown: [], lack: null } },
    ...{ listings: [{ source: '/proc/modules', modules: loaded.length }], hasRecord: false, result },
    keys: ['MODULE_SIG_KEY', 'SYSTEM_TRUSTED_KEYS'].map((symbol) => ({
      ...{ symbol, from: 'debian/certs.pem', to: '', missing: ['debian/certs.pem'] },
    })),
    estimate: {
      ...{ before: cost, after: cost, basis: { source: 'reference-machine', jobs: 1 }, settings: [], settingSteps: [] },
      ...{ scale: 1, more: { fastSeconds: 10, deepSeconds: 0 } },
    },
    ...{
      written: '/src/linux/.config',
      isPrinted: false,
      changed: true,
      backup: null,
      page: null,
      makeWords: [],
      isRefused: false,
      isForMake: true,
    },
    ...{ findings: [], warnings, listingWarnings: [] },
  } as unknown as TrimReport;
}

const linesOf = (text: string): string[] => text.trimEnd().split('\n');
const shown = (subject: TrimReport, screen: Screen | null, verbose = false): string =>
  renderText(trimReport(subject, { verbose, screen }), false, screen?.columns);

describe('the report of a trim', () => {
  const NOTE =
    'compiler here: one; the config was made with: another, and so on, and so on, until no line is left of it';

  it('calls nothing all that is not', () => {
    const subject = report();
    const baseBuild = {
      modules: Array.from({ length: 6105 }, () => null),
      units: Array.from({ length: 1000 }, () => null),
    };
    const build = { modules: baseBuild.modules.slice(0, 30), units: baseBuild.units.slice(0, 999) };
    const result = { ...subject.result, baseBuild, build } as unknown as TrimResult;
    const text = shown({ ...subject, result }, null);
    expect(text).toMatch(/^modules +6,105 -> +30 +99\.5 % less$/m);
    expect(text).toMatch(/^objects +1,000 -> +999 +0\.1 % less$/m);
  });

  it.each([24, 22])('fits a terminal of %d rows and its prompt', (rows) => {
    const lines = linesOf(shown(report(LOADED, [NOTE, NOTE]), { columns: 80, rows }));
    expect(lines.length).toBeLessThanOrEqual(rows - 1);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(lines[0]).toMatch(/^tree/);
    expect(lines.at(-1)).toMatch(/^next {7}make olddefconfig/);
  });

  it('breaks the commands to type where a shell goes on reading', () => {
    const narrow = linesOf(shown(report(), { columns: 39, rows: 20 }));
    expect(narrow.slice(-2)).toEqual(['next       make olddefconfig &&', '           make -j1']);
    expect(linesOf(shown(report(), null)).at(-1)).toBe('next       make olddefconfig && make -j1');
  });

  it('names what is lost and off with its count, however little room there is', () => {
    const text = shown(report(LOADED, [NOTE, NOTE]), { columns: 80, rows: 22 });
    expect(text).toContain('2 loaded modules, 1 LOST\n           1 LOST: lost_one\n');
    expect(text).toContain('5 off (--enable turns them on): 842_compress, and 4 more (-v)\n');
    expect(text).toContain('2 renamed: old_name, older_name\n');
    expect(text).toContain('7 not in this tree: nvidia, nvidia_drm, and 5 more (-v)\n');
    expect(text).toContain('so replaced: MODULE_SIG_KEY, SYSTEM_TRUSTED_KEYS\n');
    expect(text).toMatch(/^note: compiler here: one.* … \(-v\)$/m);
  });

  it('says more where there is more room, and what a pipe gets', () => {
    const usual = shown(report(), null);
    expect(usual).toContain('now new_name (drivers/new/name/new_name), whose');
    expect(usual).toContain('and 1 more (-v)');
    expect(linesOf(usual).filter((line) => line.startsWith('result'))).toHaveLength(1);
    const tall = shown(report(), { columns: 80, rows: 60 });
    expect(tall).toBe(usual.replace(/^result.*\n/m, ''));
  });

  it('is cut on a narrow terminal even where it does not fit, and repeats its result then', () => {
    const narrow = linesOf(shown(report(LOADED, [NOTE, NOTE]), { columns: 40, rows: 20 }));
    const whole = linesOf(
      renderText(trimReport(report(LOADED, [NOTE, NOTE]), { verbose: false, screen: null }), false, 40),
    );
    expect(narrow.length).toBeLessThan(whole.length * 0.6);
    expect(Math.max(...narrow.map(({ length }) => length))).toBeLessThanOrEqual(40);
    expect(narrow.filter((line) => line.startsWith('result'))).toHaveLength(1);
    expect(narrow.join('\n')).toContain('1 LOST: lost_one\n');
  });

  it('has each figure of a deep trim on a narrow terminal', () => {
    const units = Array.from({ length: 44 }, (_, i) => ({ path: `security/lsm${i}.o`, seconds: 6 }));
    const deep = {
      ...{ scope: 'evidence', usesFrom: 'listing', pinned: [] },
      departures: [{ symbol: 'SECURITY_THING', from: 'y', to: 'n', kind: 'unused', evidence: 'x', units, changes: [] }],
      stays: Array.from({ length: 70 }, (_, i) => ({ symbol: `S${i}`, by: 'x', isIdle: true, seconds: 60 })),
    };
    const subject = report();
    const all = { ...subject, result: { ...subject.result, deep } } as unknown as TrimReport;
    const text = shown(all, { columns: 40, rows: 10 }).replace(/\s+/g, ' ');
    expect(text).toContain('1 built-in that nothing uses went: 44 objects, 4 min of CPU time');
    expect(text).toContain('security modules: 44 objects, 4 min');
    expect(text).toContain('70 symbols stayed though unused (1 h 10 min):');
    expect(text).toContain('a record of the … (-v)');
  });

  it('repeats its result where it does not fit, and cuts nothing then', () => {
    const small = shown(report(), { columns: 80, rows: 10 });
    expect(small).toBe(shown(report(), null));
    expect(shown(report(), { columns: 80, rows: 24 }, true)).toContain('vboxnetflt');
  });
});
