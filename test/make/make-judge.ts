/** Expansion by GNU make, where it is installed: the judge of the evaluators. */
import { spawnSync } from 'node:child_process';

/** Whether GNU make can be asked. */
export const hasMake = /^GNU Make/.test(spawnSync('make', ['--version'], { encoding: 'latin1' }).stdout ?? '');

/** Where make stopped with an error. */
export const MAKE_STOPPED = '\0stopped';

/** What make expands RESULT to after reading a makefile. @throws Error where make stops */
export function makeResult(makefile: string): string {
  const [result] = makeResults([makefile]);
  if (result === MAKE_STOPPED) throw new Error(`make stops: ${makefile}`);
  return result!;
}

/** The same for many makefiles; MAKE_STOPPED where make stops. One shell starts all of make's runs. */
export function makeResults(makefiles: readonly string[]): string[] {
  const marker = 'END-OF-RESULT';
  const script = makefiles
    .map(
      (text) =>
        `make -rRs -f - <<'${marker}' 2>/dev/null || printf '%s\\n' '[stopped]${marker}'\n${text}\n$(info [$(RESULT)]${marker})\nall: ;\n${marker}\n`,
    )
    .join('');
  const done = spawnSync('sh', { input: script, encoding: 'latin1', cwd: '/', env: { PATH: process.env['PATH'] } });
  const results = done.stdout.split(`]${marker}\n`).slice(0, -1);
  return results.map((text) => (text === '[stopped' ? MAKE_STOPPED : text.slice(1)));
}
