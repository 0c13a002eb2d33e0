import { chmodSync, existsSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the scripts of a fixture tree call, taken from this machine. */
const SHELL_TOOLS = ['sh', 'head', 'sed'];

/** Programs of a build, and what they say of their version. */
const PROGRAMS: Readonly<Record<string, string>> = {
  gcc: 'gcc (Check) 12.2.0',
  ld: 'GNU ld (Check) 2.40',
  pahole: 'v1.25',
};

/** A directory that is a whole PATH: a machine on which just these programs are installed. */
export class Toolbox {
  readonly path = mkdtempSync(join(tmpdir(), 'kconfig-trim-tools-'));

  /** @param programs what each of them prints, whatever it is asked; null for one that is not installed */
  constructor(programs: Readonly<Record<string, string | null>> = {}) {
    for (const name of SHELL_TOOLS) {
      const real = ['/bin', '/usr/bin'].map((directory) => join(directory, name)).find((path) => existsSync(path));
      if (real) symlinkSync(real, join(this.path, name));
    }
    for (const [name, says] of Object.entries({ ...PROGRAMS, ...programs })) {
      if (says === null) continue;
      writeFileSync(join(this.path, name), `#!/bin/sh\necho '${says}'\n`);
      chmodSync(join(this.path, name), 0o755);
    }
  }
}
