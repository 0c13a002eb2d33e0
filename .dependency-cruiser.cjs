/**
 * Who may import whom: bin → cli → workspace → {check, build, bisect} → {trim, estimate} → evidence → {values, kbuild, machine,
 * dotconfig, sources, toolchain} → {make, conditions, kconfig}. The public API is a top of its own beside cli; report sees types of
 * results only; the page's script in src/page sees report only, and nothing sees it. Diagnostics, the platform's interfaces and the cache may be seen by all. Tests are free.
 */
const TOP = '^src/(cli/|index[.]ts)';
const WORKSPACE = '^src/workspace/';
const RESULTS = '^src/(check|trim|estimate|build|bisect|report|evidence)/';
const READERS = '^src/(values|kbuild|machine|dotconfig|sources|toolchain)/';
const LANGUAGE = '^src/(kconfig|make|conditions)/';
const PAGE = '^src/page/';
const GROUND = '^src/(platform|diagnostics|cache)/';

/** Folders that may not be seen from a layer below them. */
const upward = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to: { path: to } });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    upward('workspace-not-upward', WORKSPACE, `${TOP}|^src/report/`),
    upward('results-not-upward', RESULTS, `${TOP}|${WORKSPACE}`),
    upward('trim-and-estimate-not-upward', '^src/(trim|estimate|evidence)/', '^src/(check|build)/'),
    upward('evidence-not-upward', '^src/evidence/', '^src/(trim|estimate)/'),
    upward('readers-not-upward', READERS, `${TOP}|${WORKSPACE}|${RESULTS}`),
    upward('language-not-upward', LANGUAGE, `${TOP}|${WORKSPACE}|${RESULTS}|${READERS}`),
    upward('conditions-below-make', '^src/conditions/', '^src/(make|kconfig)/'),
    upward('ground-not-upward', GROUND, `${TOP}|${WORKSPACE}|${RESULTS}|${READERS}|${LANGUAGE}`),
    upward('diagnostics-alone', '^src/diagnostics/', '^src/platform/'),
    upward('page-to-none', '^src/(?!page/)', PAGE),
    {
      name: 'page-sees-report-only',
      comment: 'The page runs in a browser: its data, and how reports write numbers.',
      severity: 'error',
      from: { path: PAGE },
      to: { path: '^src/(?!page/|report/)' },
    },
    upward('api-not-to-cli', '^src/index[.]ts$', '^src/cli/'),
    upward('results-not-to-report', '^src/(check|trim|estimate|build|evidence)/', '^src/report/'),
    upward('src-not-to-tests', '^(src|bin)/', '^(test|scripts|fixtures)/'),
    {
      name: 'report-sees-types-only',
      comment: 'A reporter is pure: plain results in, text out.',
      severity: 'error',
      from: { path: '^src/report/' },
      to: { path: '^src/(?!report/|diagnostics/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'platform-passed-in',
      comment: 'The core is given its files, processes and clocks; only the top knows the real ones.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/platform/|${TOP}|${WORKSPACE}` },
      to: { path: '^src/platform/', pathNot: '^src/platform/platform[.]ts$' },
    },
    {
      name: 'machine-only-in-platform',
      comment: 'src/platform is the only place that touches files, processes and the network.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(fs|child_process|net|http|https|dns|os|worker_threads)(/|$)' },
    },
    {
      name: 'command-line-libraries-in-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: 'node_modules/(commander|ora)/' },
    },
    {
      name: 'no-cycles',
      comment: 'Imports of types count as well.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'bin/ starts dist/, which is there only after a build.',
      severity: 'error',
      from: { pathNot: '^bin/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-unlisted-package',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|fixtures)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
};
