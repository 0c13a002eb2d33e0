import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** What the scripts of a fixture tree call, taken from this machine. */
const SHELL_TOOLS = ['sh', 'head', 'sed'];

/** Programs of a build, and what they say of their version. */
const PROGRAMS: Readonly<Record<string, string>> = {
  ld: 'GNU ld (Check 1.2.3) 2.40',
  ar: 'GNU ar (Check) 2.40',
  make: 'GNU Make 4.3',
  flex: 'flex 2.6.4',
  bison: 'bison (GNU Bison) 3.8.2',
  bc: 'bc 1.07.1',
  awk: '',
  cmp: '',
  xargs: '',
  zstd: '',
  xz: '',
  gzip: '',
  openssl: 'OpenSSL 3.0.15 3 Sep 2024 (Library: OpenSSL 3.0.15 3 Sep 2024)',
  pahole: 'v1.25',
  depmod: 'kmod version 30',
};

/** Headers of libraries that the compiler finds. */
const HEADERS = ['gelf.h', 'zlib.h', 'openssl/opensslv.h'];

export interface ToolboxOptions {
  /** What programs print, whatever they are asked; null for one that is not installed. */
  readonly programs?: Readonly<Record<string, string | null>>;
  readonly headers?: readonly string[];
  /** Programs that start what they are given: ccache. */
  readonly launchers?: readonly string[];
  /** The compiler: its version, and what it compiles for. */
  readonly gcc?: { readonly version?: string; readonly target?: string };
}

/** A directory that is a whole PATH: a machine on which just these programs are installed. */
export class Toolbox {
  readonly path = temporaryFolder();

  constructor({ programs = {}, headers = HEADERS, launchers = [], gcc = {} }: ToolboxOptions = {}) {
    for (const name of SHELL_TOOLS) {
      const real = ['/bin', '/usr/bin'].map((directory) => join(directory, name)).find((path) => existsSync(path));
      if (real) symlinkSync(real, join(this.path, name));
    }
    const { version = '12.2.0', target = 'x86_64-linux-gnu' } = gcc;
    this.#install(
      'gcc',
      `case "$*" in
*--version*) echo 'gcc (Check) ${version}' ;;
*-dumpmachine*) echo '${target}' ;;
*-E*) read -r line; case "$line" in ${headers.map((name) => `"#include <${name}>"`).join('|') || 'none'}) ;; *) exit 1 ;; esac ;;
esac`,
    );
    for (const name of launchers) this.#install(name, 'exec "$@"');
    for (const [name, says] of Object.entries({ ...PROGRAMS, ...programs })) {
      if (says !== null) this.#install(name, `echo '${says}'`);
    }
  }

  #install(name: string, script: string): void {
    writeFileSync(join(this.path, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.path, name), 0o755);
  }
}
