import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Answer, CheckFixture } from '../cli/check-fixture.ts';
import { SPOILINGS } from '../cli/check-spoilings.ts';
import { junitErrors } from '../cli/junit-schema.ts';
import { inOneLine } from '../cli/run.ts';
import { sarifErrors, sarifPlace, sarifResults } from '../cli/sarif-schema.ts';

let fixture: CheckFixture;
beforeEach(() => {
  fixture = new CheckFixture();
});

const FILES = ['json', 'junit', 'github', 'sarif', 'summary'].flatMap((format) => [
  '--format',
  `${format}=report.${format}`,
]);

const report = (own: CheckFixture, format: string): string => readFileSync(join(own.path, `report.${format}`), 'utf8');

/** XML text or an attribute as it was meant. */
const decodeXml = (text: string): string =>
  text.replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name]!);

/** Markdown or HTML text as it is read. */
const decodeEntities = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

interface Annotation {
  readonly kind: string;
  readonly properties: Record<string, string>;
  readonly message: string;
}

/** Annotations as GitHub's runner takes them. */
function annotations(text: string): Annotation[] {
  const decode = (part: string): string =>
    part.replace(/%3A/g, ':').replace(/%2C/g, ',').replace(/%0D/g, '\r').replace(/%0A/g, '\n').replace(/%25/g, '%');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, kind, list, message] = /^::(\w+) ([^:]*)::(.*)$/.exec(line)!;
      const pairs = list!.split(',').map((pair) => pair.split('=', 2).map(decode) as [string, string]);
      return { kind: kind!, properties: Object.fromEntries(pairs), message: decode(message!) };
    });
}

describe.each(Object.entries(SPOILINGS))('%s', (_, spoil) => {
  it('is found, with its place and reasons, and is in every format', async () => {
    const { args, tools = {}, code, name, at, message, details } = spoil(fixture);
    const done = await fixture.check([...args, ...FILES, '-v'], { tools });
    expect(done.status).toBe(1);
    const { findings, sound } = JSON.parse(report(fixture, 'json')) as Answer;
    expect(sound).toBe(false);
    const found = findings.find((each) => each.code === code && each.subject.name === name);
    expect(found).toBeDefined();
    expect(found!.message).toBe(message);
    expect(found!.at && `${found!.at.file}:${found!.at.line}`).toBe(at);

    const place = at === null ? '' : `${at}: `;
    const block = [`${place}${found!.severity}: ${message}`, ...details];
    expect(inOneLine(done.stdout)).toContain(`${inOneLine(block.join('\n'))} `);
    expect(done.stdout).toMatch(/\nresult {7}not sound: /);

    const junit = report(fixture, 'junit');
    expect(await junitErrors(junit)).toEqual([]);
    const failures = [...junit.matchAll(/<failure message="([^"]*)" type="([^"]*)">([^<]*)</g)].map(
      ([, title, type, text]) => ({ title: decodeXml(title!), type, text: decodeXml(text!) }),
    );
    const failure = failures.find((each) => each.text.includes(`: ${message}`));
    expect(failure).toBeDefined();
    expect(failures.map(({ type }) => type)).toContain(code);
    if (at !== null) expect(failure!.text).toContain(`${at}: `);

    const annotation = annotations(report(fixture, 'github')).find((each) => each.message.includes(message));
    expect(annotation).toBeDefined();
    expect(['error', 'warning']).toContain(annotation!.kind);
    expect(annotation!.properties['title']).toMatch(/^kconfig-trim check: /);
    if (at !== null) {
      const [file, line] = at.split(':') as [string, string];
      const isOwn = ['spoiled', 'config'].includes(file) || /\.config$/.test(file);
      expect(annotation!.properties).toMatchObject({ file: isOwn ? file : `tree/${file}`, line });
    }

    const sarif = report(fixture, 'sarif');
    expect(sarifErrors(sarif)).toEqual([]);
    const results = sarifResults(sarif);
    expect(results.map(({ ruleId }) => ruleId)).toContain(code);
    for (const result of results) expect(sarifPlace(result), result.message.text).toMatch(/.:[1-9]\d*$/);

    const summary = decodeEntities(report(fixture, 'summary'));
    expect(summary).toMatch(/^### kconfig-trim check: not sound: /);
    expect(summary).toContain(`<b>${message}</b>`);
    if (at !== null) expect(summary).toContain(`<code>${at}</code>`);
  });
});

it('the schema refuses what is no report', async () => {
  expect(await junitErrors('<testsuites><testsuite name="x"/></testsuites>')).not.toEqual([]);
  expect(await junitErrors('<testsuites>')).not.toEqual([]);
});

describe('a good config', () => {
  it('passes in every format', async () => {
    const args = ['-c', 'config', '-l', 'lsmod.txt', '--fragment', 'ci.config', '--keep', 'HERON', ...FILES];
    const done = await fixture.check(args);
    expect(done.status).toBe(0);
    expect(JSON.parse(report(fixture, 'json'))).toMatchObject({ sound: true, findings: [] });
    const junit = report(fixture, 'junit');
    expect(await junitErrors(junit)).toEqual([]);
    expect(junit).not.toContain('<failure');
    expect(junit).toContain('<testcase classname="kconfig-trim.check.listings" name="kestrel" time="0"/>');
    expect(report(fixture, 'github')).toBe('');
    expect(report(fixture, 'summary')).toMatch(/^### kconfig-trim check: sound\n/);
  });
});

describe('names and values that mean harm', () => {
  it('are text in every format', async () => {
    const value = '%0A::error::<b>&amp;]]>*_|`[x](http://x)\u001b[31m##[add-mask]x\ufffe';
    const name = 'we,ird:%0A<&"\'>.config';
    const bytes = Buffer.from(`CONFIG_LOCALVERSION="${value}"\n`).toString('latin1');
    const done = await fixture.check(['-c', 'config', '--fragment', fixture.file(name, bytes), ...FILES], {
      env: { GITHUB_ACTIONS: 'true' },
    });
    expect(done.status).toBe(1);
    expect(await junitErrors(report(fixture, 'junit'))).toEqual([]);
    const [annotation, ...others] = annotations(report(fixture, 'github'));
    expect(others).toEqual([]);
    const shown = value.replace('\u001b', '');
    expect(annotation!.properties).toEqual({
      file: name,
      line: '1',
      title: `kconfig-trim check: fragment ${name}`,
    });
    expect(annotation!.message).toContain(`LOCALVERSION="${shown}" is asked for; the config has "-check"`);
    const summary = report(fixture, 'summary');
    expect(summary).not.toContain('<b>&amp;');
    expect(decodeEntities(summary)).toContain(shown);
    // What a runner would take for commands: at the start of a line `::`, anywhere `##[`.
    expect(done.stdout).toContain('%0A::error::');
    expect(done.stdout).not.toMatch(/^\s*::|##\[/m);
    const json = await fixture.check(['-c', 'config', '--fragment', name, '--json'], {
      env: { GITHUB_ACTIONS: 'true' },
    });
    expect(json.stdout).not.toContain('##[');
    const { findings } = JSON.parse(json.stdout) as { findings: { wanted: string }[] };
    expect(findings[0]!.wanted).toContain('##[add-mask]');
  });
});

describe('what the environment says', () => {
  it('GITHUB_ACTIONS brings annotations, whatever is printed', async () => {
    const { args } = SPOILINGS['a number out of range']!(fixture);
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: fixture.path };
    const done = await fixture.check(args, { env });
    expect(done.stdout).toMatch(/^spoiled:\d+: error: LOG_BUF_SHIFT=30/);
    expect(annotations(done.stderr)).toMatchObject([{ kind: 'error', properties: { file: 'spoiled' } }]);
    const json = await fixture.check([...args, '--json'], { env });
    expect(JSON.parse(json.stdout)).toMatchObject({ sound: false });
    expect(annotations(json.stderr)).toHaveLength(1);
    const both = await fixture.check([...args, '--format', 'text', '--format', 'github'], { env });
    expect(both.stderr).toBe('');
    expect(both.stdout).toMatch(/^::error /m);
    expect((await fixture.check(args, { env: { GITHUB_ACTIONS: 'false' } })).stderr).toBe('');
  });

  it('a place outside the workspace is said, not linked', async () => {
    const { args } = SPOILINGS['a number out of range']!(fixture);
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: join(fixture.path, 'tree') };
    const [annotation] = annotations((await fixture.check(args, { env })).stderr);
    expect(Object.keys(annotation!.properties)).toEqual(['title']);
    expect(annotation!.message).toMatch(/^spoiled:\d+: LOG_BUF_SHIFT=30/);
  });

  it('GITHUB_STEP_SUMMARY gets the summary behind what is there', async () => {
    const file = join(fixture.path, 'summary.md');
    writeFileSync(file, 'before\n');
    const env = { GITHUB_STEP_SUMMARY: file };
    expect((await fixture.check(['-c', 'config'], { env })).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^before\n### kconfig-trim check: sound\n/);
    // Named, it goes where it was sent, and there alone.
    await fixture.check(['-c', 'config', '--format', 'summary=own.md'], { env });
    expect(readFileSync(file, 'utf8').match(/###/g)).toHaveLength(1);
    expect(fixture.read('own.md')).toMatch(/^### kconfig-trim check: sound\n/);
    const lost = await fixture.check(['-c', 'config'], {
      env: { GITHUB_STEP_SUMMARY: join(fixture.path, 'none/summary.md') },
    });
    expect(lost).toMatchObject({ status: 0, stderr: expect.stringContaining('its directory does not exist') });
  });

  it('more annotations than GitHub shows end with how many there are', async () => {
    const names = Array.from({ length: 14 }, (_, i) => `CONFIG_GONE_${i}=y\n`);
    const fragment = fixture.file('many.config', names.join(''));
    const done = await fixture.check(['-c', 'config', '--fragment', fragment], { env: { GITHUB_ACTIONS: 'true' } });
    const all = annotations(done.stderr);
    expect(all).toHaveLength(10);
    expect(all.at(-1)!.message).toBe("5 more; the job's log and summary have them");
  });
});

describe('--format', () => {
  it('goes to files whole, or not at all', async () => {
    const report = fixture.file('report.xml', 'before');
    expect((await fixture.check(['-c', 'config', '--format', `junit=${report}`])).status).toBe(0);
    expect(fixture.read('report.xml')).toMatch(/^<\?xml .*<\/testsuites>\n$/s);
    const lost = await fixture.check(['-c', 'config', '--format', 'junit=none/report.xml']);
    expect(lost.status).toBe(2);
    // It is found before the work, of which nothing is lost.
    expect(lost.stdout).toBe('');
    expect(lost.stderr).toContain('none/report.xml: its directory does not exist');
  });

  it.each([
    [
      ['--format', 'yaml'],
      '--format yaml: write it as FORMAT or FORMAT=FILE, FORMAT one of: text json junit github sarif summary',
    ],
    [['--format', 'junit='], '--format junit=: write it as'],
    [['--format', 'junit', '--json'], 'only one of junit, json can be printed; give the others files'],
    [['--format', 'github', '--json'], 'only one of github, json can be printed'],
  ])('%j is refused', async (args, message) => {
    expect(await fixture.check(['-c', 'config', ...args])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  it('with --strict, warnings are failures', async () => {
    const config = fixture.spoiled(['# CONFIG_PUFFIN is not set', ''], ['CONFIG_LOG_BUF_SHIFT=17', '']);
    await fixture.check(['-c', config, ...FILES]);
    expect(report(fixture, 'junit')).not.toContain('<failure');
    expect(report(fixture, 'junit')).toContain('warning: LOG_BUF_SHIFT has no line; olddefconfig makes it 17\n');
    await fixture.check(['-c', config, '--strict', ...FILES]);
    for (const name of ['LOG_BUF_SHIFT', 'PUFFIN'])
      expect(report(fixture, 'junit')).toContain(`<failure message="${name} has no line;`);
    expect(await junitErrors(report(fixture, 'junit'))).toEqual([]);
  });
});
