/** What names a build of the program. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Of the package. */
export const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));

/** A name that changes with every file of src/: what another build cached between runs is not read. */
export function sourceDigest() {
  const hash = createHash('sha256').update(version);
  for (const path of readdirSync(join(top, 'src'), { recursive: true }).sort()) {
    if (path.endsWith('.ts')) hash.update(`\0${path}\0`).update(readFileSync(join(top, 'src', path)));
  }
  return hash.digest('hex').slice(0, 16);
}
