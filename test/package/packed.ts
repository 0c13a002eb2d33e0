/** Packs the package and installs it in an empty folder, as somebody who got the tarball would. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** The top of this repository. */
export const REPOSITORY = resolve(import.meta.dirname, '../..');

/** What a program left behind. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with the package installed from its tarball. */
export class Installed {
  /** Outside the repository. */
  readonly dir = temporaryFolder();
  /** Paths in the tarball, sorted. */
  readonly files: readonly string[];
  /** The package's folder under node_modules. */
  readonly packageDir = join(this.dir, 'node_modules/kconfig-trim');

  /** @throws Error where npm fails */
  constructor() {
    // npm's own script output goes to stderr under --json from npm 7 on, so stdout is JSON alone.
    const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', this.dir], {
      cwd: REPOSITORY,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [tarball] = JSON.parse(packed.slice(packed.indexOf('['))) as {
      filename: string;
      files: { path: string }[];
    }[];
    if (!tarball) throw new Error(`npm pack made no tarball: ${packed}`);
    this.files = tarball.files.map(({ path }) => path).sort();
    writeFileSync(join(this.dir, 'package.json'), '{ "name": "somebody", "private": true, "type": "module" }\n');
    // --offline proves that the package brings everything with it.
    const install = ['install', '--offline', '--no-audit', '--no-fund', `./${tarball.filename}`];
    execFileSync('npm', install, { cwd: this.dir, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /**
   * Runs a program with the folder above node_modules, or a folder in it, as the working directory.
   * @param folder made where it does not exist
   */
  run(file: string, args: readonly string[], folder = '.', env: NodeJS.ProcessEnv = process.env): Ran {
    const cwd = join(this.dir, folder);
    mkdirSync(cwd, { recursive: true });
    const { status, stdout, stderr } = spawnSync(file, args, { cwd, env, encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  /** Runs the installed command by a Node, as a person's shell would: by the link, with that Node first in PATH. */
  start(node: string, args: readonly string[], folder = '.', env: NodeJS.ProcessEnv = {}): Ran {
    const PATH = `${dirname(node)}:${process.env['PATH'] ?? ''}`;
    return this.run(join(this.dir, 'node_modules/.bin/kconfig-trim'), args, folder, { ...process.env, PATH, ...env });
  }
}
