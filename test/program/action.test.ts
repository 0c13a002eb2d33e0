import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CheckFixture, GOOD } from '../cli/check-fixture.ts';
import { ended, REPOSITORY, type Run, run } from '../cli/run.ts';

interface Step {
  readonly name: string;
  readonly shell: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const action = parse(readFileSync(join(REPOSITORY, 'action.yml'), 'utf8')) as Action;
const last = action.runs.steps.at(-1)!;

/** Long options that a command's help names. */
const optionsOf = async (command: string): Promise<string[]> =>
  [...(await run(['help', command])).stdout.matchAll(/^ +(?:-\w, )?--(?:no-)?([\w-]+)/gm)].map(([, name]) => name!);

let fixture: CheckFixture;
beforeEach(() => {
  fixture = new CheckFixture();
});

/** The action's last step, run as a runner runs it: bash, stopping at the first error, in the workspace. */
function start(inputs: Readonly<Record<string, string>>): Promise<Run> {
  const given = Object.entries(action.inputs).map(([name, input]) => [
    `INPUT_${name.toUpperCase()}`,
    inputs[name] ?? input.default ?? '',
  ]);
  const { PATH = '' } = process.env;
  return ended(['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', last.run], {
    cwd: fixture.path,
    env: { PATH, ...Object.fromEntries(given), GITHUB_ACTION_PATH: REPOSITORY },
  });
}

describe('action.yml', () => {
  it('has inputs that are options of its commands', async () => {
    const options: Record<string, readonly string[]> = {};
    for (const command of ['check', 'trim', 'conf']) options[command] = await optionsOf(command);
    const known = new Set(Object.values(options).flat());
    const inputs = Object.keys(action.inputs).filter((name) => name !== 'command' && name !== 'arguments');
    expect(inputs.filter((name) => !known.has(name))).toEqual([]);
    for (const name of inputs) {
      // An input that is for one command alone says so.
      const only = /^([a-z]+(?:, [a-z]+)*): /.exec(action.inputs[name]!.description)?.[1];
      const commands = (only ?? 'check, trim').replace('merge', 'conf').split(', ');
      expect([name, commands.filter((command) => !options[command]!.includes(name))]).toEqual([name, []]);
    }
  });

  it('hands every input over by the environment, and none in the text of a script', () => {
    expect(action.runs.using).toBe('composite');
    expect(Object.entries(last.env!)).toEqual(
      Object.keys(action.inputs).map((name) => [`INPUT_${name.toUpperCase()}`, `\${{ inputs.${name} }}`]),
    );
    for (const step of action.runs.steps) {
      expect(step.shell).toBe('bash');
      expect(step.run).not.toContain('${{');
    }
    for (const name of Object.keys(action.inputs)) expect(last.run).toContain(`"$INPUT_${name.toUpperCase()}"`);
  });

  it('checks', async () => {
    const config = fixture.spoiled(['CONFIG_KESTREL=m', '# CONFIG_KESTREL is not set'], ['CONFIG_KESTREL_DIVE=y', '']);
    const common = { tree: 'tree', arch: 'x86', skip: 'tools', arguments: '--no-exec' };
    const done = await start({
      ...common,
      config,
      lsmod: 'lsmod.txt\n',
      format: 'junit=report.xml\r\nsummary=report.md',
    });
    expect(done).toMatchObject({ status: 1, stderr: '' });
    expect(done.stdout).toContain('error: module kestrel (drivers/kestrel) is not built\n');
    expect(fixture.read('report.xml')).toContain('type="module-off"');
    expect(fixture.read('report.md')).toContain('not sound');
    const lists = { lsmod: 'lsmod.txt', keep: 'HERON\nkestrel\n', fragment: 'ci.config', against: 'config' };
    const good = await start({ ...common, ...lists, config: 'config', strict: 'true' });
    expect(good).toMatchObject({ status: 0, stdout: expect.stringContaining('keep         2 of 2 kept\n') });
  });

  it('trims', async () => {
    const inputs = { command: 'trim', tree: 'tree', arch: 'x86', config: 'config', output: 'trimmed', keep: 'HERON' };
    const done = await start({
      ...inputs,
      lsmod: fixture.file('names', 'kestrel\n'),
      arguments: '--no-exec\n--no-cache',
    });
    expect(done).toMatchObject({ status: 0 });
    expect(fixture.read('trimmed')).toContain('CONFIG_HERON=m\n');
    expect(fixture.read('trimmed')).toContain('# CONFIG_SPIN_TABLE is not set\n');
    expect(GOOD).toContain('CONFIG_SPIN_TABLE=m\n');
  });

  it('checks several configs, against what is known', async () => {
    const config = fixture.spoiled(['CONFIG_LOG_BUF_SHIFT=17', 'CONFIG_LOG_BUF_SHIFT=30']);
    const inputs = { tree: 'tree', arch: 'x86', skip: 'tools', config: `config\n${config}\n`, baseline: 'known.json' };
    expect(await start({ ...inputs, arguments: '--no-exec\n--write-baseline' })).toMatchObject({ status: 0 });
    const known = await start({ ...inputs, arguments: '--no-exec', format: 'sarif=report.sarif' });
    expect(known).toMatchObject({ status: 0, stdout: expect.stringContaining('all 2 configs are sound\n') });
    expect(JSON.parse(fixture.read('report.sarif'))).toMatchObject({ version: '2.1.0' });
    fixture.spoiled(['CONFIG_HERON_LIB=m', 'CONFIG_HERON_LIB=y']);
    expect(await start({ ...inputs, arguments: '--no-exec' })).toMatchObject({ status: 1 });
    expect(await start({ ...inputs, arguments: '--no-exec', severity: 'fixpoint=warning' })).toMatchObject({
      status: 0,
    });
  });

  it('merges fragments', async () => {
    const inputs = { command: 'merge', tree: 'tree', arch: 'x86', config: 'config', output: 'merged' };
    const fragment = fixture.file('-board', '# CONFIG_KESTREL_DIVE is not set\n');
    const done = await start({ ...inputs, fragment: `${fragment}\n`, arguments: '--no-exec' });
    expect(done).toMatchObject({ status: 0 });
    expect(fixture.read('merged')).toContain('# CONFIG_KESTREL_DIVE is not set\n');
    const wanted = fixture.file('wanted', 'CONFIG_LOG_BUF_SHIFT=30\n');
    expect(await start({ ...inputs, fragment: wanted, arguments: '--no-exec' })).toMatchObject({ status: 1 });
  });

  it('trims to values that must hold', async () => {
    const inputs = { command: 'trim', tree: 'tree', arch: 'x86', config: 'config', output: 'trimmed' };
    const lsmod = fixture.file('names', 'kestrel\n');
    const done = await start({
      ...inputs,
      lsmod,
      set: 'LOG_BUF_SHIFT=18\n',
      unset: 'KESTREL_DIVE',
      arguments: '--no-exec',
    });
    expect(done).toMatchObject({ status: 0 });
    expect(fixture.read('trimmed')).toContain('CONFIG_LOG_BUF_SHIFT=18\n');
    expect(fixture.read('trimmed')).toContain('# CONFIG_KESTREL_DIVE is not set\n');
  });

  it('takes no input for anything but the value of its option', async () => {
    const value = '"; touch ran; $(touch ran) `touch ran` \'';
    for (const name of Object.keys(action.inputs)) await start({ tree: 'tree', [name]: value });
    expect(existsSync(join(fixture.path, 'ran'))).toBe(false);
    expect(await start({ command: '--version' })).toMatchObject({ status: 2, stdout: '' });
    expect(await start({ tree: 'tree', config: '--json' })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--json: cannot be read'),
    });
  });
});
