/**
 * Fits the cost model to the measurements in data/ and writes src/estimate/model-data.ts.
 *
 *   npx tsx scripts/estimate/fit.ts && npm run format
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitModel, modelSource } from './fit-model.ts';

const model = fitModel((line) => process.stderr.write(`${line}\n`));
writeFileSync(join(import.meta.dirname, '../../src/estimate/model-data.ts'), modelSource(model));
