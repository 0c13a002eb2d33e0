/**
 * Builds dist/ from src/: the command line (dist/cli.js, and dist/commands.js, which it loads), the public API
 * (dist/index.js) with its types, the manual page, and the licences of what is bundled. What is imported with import()
 * becomes files of its own, loaded when needed.
 *
 *   node scripts/build.mjs             all of it
 *   node scripts/build.mjs --program   without the types, and nothing where dist/ has this source's program already: for tests
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { sourceDigest, version } from './source-digest.mjs';

const file = fileURLToPath(import.meta.url);
const top = resolve(dirname(file), '..');
const dist = join(top, 'dist');

const programOnly = process.argv.includes('--program');
const source = sourceDigest();
const digestFile = join(dist, 'source-digest.txt');
const digest = createHash('sha256').update(source).update(readFileSync(file)).digest('hex');
if (programOnly && existsSync(digestFile) && readFileSync(digestFile, 'utf8') === digest) process.exit(0);

rmSync(dist, { recursive: true, force: true });

const settings = {
  absWorkingDir: top,
  outdir: dist,
  bundle: true,
  // In one folder: a thread's file is looked for beside the code that starts it, whichever file that is in.
  chunkNames: '[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node18.19',
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  define: { KCONFIG_TRIM_VERSION: JSON.stringify(version), KCONFIG_TRIM_BUILD: JSON.stringify(source) },
  // commander is CommonJS and calls require() for Node's own modules, which an ES module does not have.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
};
/** The page of --html: its script and style sheet become texts in the program. */
const page = await build({
  absWorkingDir: top,
  entryPoints: { script: 'src/page/main.ts', style: 'src/page/page.css' },
  outdir: dist,
  write: false,
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: ['chrome111', 'firefox115', 'safari16.4'],
  charset: 'utf8',
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
const pageText = (name) => page.outputFiles.find(({ path }) => path.endsWith(name)).text.trimEnd();
/** The file of all commands. */
const commands = 'commands.js';
// Each by itself: what they have in common would be cut into dozens of files, and every file costs time to load.
const built = await Promise.all([
  build({
    ...settings,
    entryPoints: { cli: 'src/cli/main.ts' },
    define: { ...settings.define, KCONFIG_TRIM_COMMANDS: JSON.stringify(commands) },
  }),
  build({
    ...settings,
    entryPoints: { [parse(commands).name]: 'src/cli/commands/index.ts' },
    splitting: true,
    define: {
      ...settings.define,
      KCONFIG_TRIM_PAGE_SCRIPT: JSON.stringify(pageText('script.js')),
      KCONFIG_TRIM_PAGE_STYLE: JSON.stringify(pageText('style.css')),
    },
  }),
  build({ ...settings, entryPoints: { index: 'src/index.ts' }, splitting: true }),
  build({ ...settings, entryPoints: { 'source-thread': 'src/workspace/source-thread-main.ts' } }),
]);

const inputs = new Set([page, ...built].flatMap(({ metafile }) => Object.keys(metafile.inputs)));
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licences([...inputs]));
if (!programOnly) {
  await writeManPage();
  execFileSync(process.execPath, [join(top, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    cwd: top,
    stdio: 'inherit',
  });
}
writeFileSync(digestFile, digest);

/** Writes the manual page, which is made of the command line's definitions. */
async function writeManPage() {
  const outfile = join(dist, 'man-page.mjs');
  await build({ ...settings, outdir: undefined, outfile, entryPoints: ['scripts/man-page.ts'] });
  const { manPage } = await import(outfile);
  rmSync(outfile);
  const seconds = process.env.SOURCE_DATE_EPOCH;
  const date = seconds === undefined ? new Date() : new Date(Number(seconds) * 1000);
  writeFileSync(join(dist, 'kconfig-trim.1'), manPage(version, date.toISOString().slice(0, 10)));
}

/** The licence texts of the packages that these bundled files come from. */
function licences(inputs) {
  const packages = new Set(
    inputs
      .map((path) => path.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1])
      .filter((path) => path !== undefined),
  );
  const sections = [...packages].sort().map((path) => {
    const { name, version: of, license } = JSON.parse(readFileSync(join(top, path, 'package.json'), 'utf8'));
    const file = readdirSync(join(top, path)).find((each) => /^licen[cs]e/i.test(each));
    if (!file) throw new Error(`${name} is bundled, but has no licence text`);
    return `${name} ${of} (${license})\n\n${readFileSync(join(top, path, file), 'utf8').trim()}\n`;
  });
  return `kconfig-trim contains these packages.\n\n${sections.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
