import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { REPOSITORY, readPages, shownOutputs } from '../../scripts/docs/pages.ts';
import { commandLineError, commandLines } from '../helpers/command-line-error.ts';

const pages = readPages();

/** Every command line of a page: in blocks of shell, in YAML, between backquotes, and above outputs. */
function commandsOf(text: string): string[][] {
  const blocks = [...text.matchAll(/^```(sh|yaml)?\n([\s\S]*?)^```$/gm)];
  const shell = blocks.filter(([, language]) => language === 'sh').map(([, , block]) => block!);
  const yaml = blocks
    .filter(([, language]) => language === 'yaml')
    .flatMap(([, , block]) => block!.replace(/^\s*(?:- |\w+: )+(?=npx )/gm, '').split('\n'));
  const inline = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/`((?:npx |sudo )*kconfig-trim [^`]*)`/g)];
  const shown = shownOutputs(text).flatMap(({ command }) => command.split(' && '));
  return [...shell, ...yaml, ...inline.map(([, code]) => code!), ...shown].flatMap(commandLines);
}

describe('command lines in the documentation', () => {
  it('are what the program takes', async () => {
    let count = 0;
    for (const { path, text } of pages) {
      const commands = commandsOf(text);
      count += commands.length;
      const complaints = await Promise.all(commands.map(commandLineError));
      expect([path, complaints.filter(Boolean)]).toEqual([path, []]);
    }
    expect(count).toBeGreaterThan(60);
  });

  it('are all found, and wrong ones with what is wrong', async () => {
    const page =
      '`kconfig-trim why`\n\n```sh\nlsmod | npx kconfig-trim --no-such  # x\n```\n\n```yaml\n- npx kconfig-trim@1.0 nope\n```\n';
    expect(commandsOf(page)).toEqual([['--no-such'], ['nope'], ['why']]);
    const complaints = await Promise.all(commandsOf(page).map(commandLineError));
    expect(complaints).toEqual([
      expect.stringContaining("unknown option '--no-such'"),
      expect.stringContaining("unknown command 'nope'"),
      expect.stringContaining("missing required argument 'name'"),
    ]);
  });

  it('of npm name scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { scripts: object };
    for (const { path, text } of pages) {
      const named = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name!);
      expect([path, named.filter((name) => !(name in scripts))]).toEqual([path, []]);
    }
  });
});

describe('examples for CI', () => {
  const { inputs } = parse(readFileSync(join(REPOSITORY, 'action.yml'), 'utf8')) as { inputs: object };
  const blocks = pages.flatMap(({ text }) =>
    [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block]) => block!),
  );

  it('of GitHub name inputs that there are, at a version', () => {
    const steps = blocks
      .map((block) => parse(block) as unknown)
      .filter(Array.isArray)
      .flat() as {
      uses: string;
      with?: object;
    }[];
    expect(steps.length).toBeGreaterThan(1);
    for (const step of steps) {
      expect(step.uses).toMatch(/^OWNER\/kconfig-trim@v\d+\.\d+\.\d+$/);
      for (const name of Object.keys(step.with ?? {})) expect(Object.keys(inputs)).toContain(name);
    }
  });

  it('of GitLab are jobs, at a version', () => {
    const jobs = blocks.map((block) => parse(block) as unknown).filter((block) => !Array.isArray(block));
    expect(jobs.length).toBeGreaterThan(1);
    for (const job of jobs.flatMap((block) => Object.values(block as Record<string, { image: string }>)))
      expect(job).toEqual(
        expect.objectContaining({ image: expect.stringMatching(/:\d+\.\d+\.\d+$/), script: expect.anything() }),
      );
  });
});
