/**
 * Sums what the test runs counted: node .ci/sum.mjs RESULTS-DIRECTORY [FAILED-STEP...]
 * RESULTS-DIRECTORY holds one JSON report of vitest for each run, named after its step. The last line it prints is
 * "N passed, N failed". Exit status 1 where anything failed or nothing was tested.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const [directory, ...failedSteps] = process.argv.slice(2);
let passed = 0;
let failed = 0;
const withFailedTests = new Set();
for (const file of readdirSync(directory).sort()) {
  const step = basename(file, '.json');
  const report = JSON.parse(readFileSync(join(directory, file), 'utf8'));
  const skipped = report.numPendingTests + report.numTodoTests;
  // A file that cannot even be loaded fails a suite and no test in it.
  const broken = report.testResults.filter((each) => each.status === 'failed' && each.assertionResults.length === 0);
  const lost = report.numFailedTests + broken.length;
  process.stdout.write(`${step}: ${report.numPassedTests} passed, ${lost} failed, ${skipped} skipped\n`);
  passed += report.numPassedTests;
  failed += lost;
  if (lost > 0) withFailedTests.add(step);
}
const otherSteps = failedSteps.filter((step) => !withFailedTests.has(step));
if (failedSteps.length > 0) process.stdout.write(`failed steps: ${failedSteps.join(', ')}\n`);
failed += otherSteps.length;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
