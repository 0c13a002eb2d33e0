/** fast-check with the seed of this run where one is given: `KCONFIG_TRIM_SEED`, as `.ci/run` has it. */
import fc from 'fast-check';

const seed = process.env['KCONFIG_TRIM_SEED'];
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });

export default fc;
