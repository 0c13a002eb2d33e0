/** The versions of Node that the package runs on; the npm package `node` brings them. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../helpers/built-program.ts';

/** The oldest that will do, and each later one that is maintained. */
export const NODES = ['18.19', '20', '22', '24'];

const folder = (version: string): string => join(REPOSITORY, '.nodes', version);

/** The program of a version, which is there once `installNodes` has run. */
export const nodeProgram = (version: string): string => join(folder(version), 'node_modules/node/bin/node');

/**
 * Global set-up: brings the versions that are not there yet.
 * @throws Error where npm cannot bring one
 */
export default function installNodes(): void {
  for (const version of NODES) {
    if (existsSync(nodeProgram(version))) continue;
    mkdirSync(folder(version), { recursive: true });
    writeFileSync(join(folder(version), 'package.json'), '{ "private": true, "allowScripts": { "node": true } }\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], {
      cwd: folder(version),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }
}
