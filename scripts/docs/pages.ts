import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The top of this repository. */
export const REPOSITORY = resolve(import.meta.dirname, '../..');

/** A Markdown file that people read. */
export interface Page {
  /** Relative to the top of the repository. */
  readonly path: string;
  readonly text: string;
}

/** README.md, CONTRIBUTING.md and docs/*.md. */
export function readPages(): Page[] {
  const docs = readdirSync(join(REPOSITORY, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', ...docs.sort().map((name) => `docs/${name}`)].map((path) => ({
    path,
    text: readFileSync(join(REPOSITORY, path), 'utf8'),
  }));
}

/** A block of a page that shows what a command prints. */
export interface ShownOutput {
  /** Whether it is the text as it is, or the JSON with the first item of each list. */
  readonly form: 'output' | 'shape';
  /** Where it is run: a name of scenes.ts. */
  readonly scene: string;
  /** Ends with `| head -N` where only the first lines are shown, with `| grep ^WORD` where those that begin with it are. */
  readonly command: string;
  readonly text: string;
}

/** `<!-- output of COMMAND -->`, or `<!-- shape in SCENE of COMMAND -->`, and the block behind it. */
const SHOWN = /(<!-- (output|shape) (?:in (\w+) )?of (.*?) -->\n+```(?:json|mermaid)?\n)([\s\S]*?)(?=```\n)/g;

/** What a page shows of commands' outputs. */
export function shownOutputs(page: string): ShownOutput[] {
  return [...page.matchAll(SHOWN)].map(([, , form, scene = 'repository', command, text]) => ({
    form: form as ShownOutput['form'],
    scene,
    command: command!,
    text: text!,
  }));
}

/** A page with other outputs in the place of those that it shows. */
export function withOutputs(page: string, outputs: readonly string[]): string {
  let i = 0;
  return page.replace(SHOWN, (_, head: string) => head + outputs[i++]!);
}
