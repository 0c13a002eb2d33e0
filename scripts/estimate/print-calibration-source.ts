/** Prints the text that self-calibration compiles, for build-whole.sh. */
import { calibrationSource } from '../../src/estimate/calibration-source.ts';

process.stdout.write(calibrationSource());
