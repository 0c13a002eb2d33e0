/** Expansion by GNU make, where it is installed: the judge of the evaluator's functions. */
import { spawnSync } from 'node:child_process';

/** Whether GNU make can be asked. */
export const hasMake = /^GNU Make/.test(spawnSync('make', ['--version'], { encoding: 'latin1' }).stdout ?? '');

/** What make expands RESULT to after reading a makefile. */
export function makeResult(makefile: string): string {
  const text = `${makefile}\n$(info [$(RESULT)])\nall: ;\n`;
  const done = spawnSync('make', ['-rRs', '-f', '-'], { input: text, encoding: 'latin1', cwd: '/' });
  const found = /^\[([\s\S]*)\]\n/.exec(done.stdout);
  if (found === null) throw new Error(`make: ${done.stderr}`);
  return found[1]!;
}
