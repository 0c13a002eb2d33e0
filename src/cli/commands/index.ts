/**
 * All commands, and the words for what goes wrong. They are one file of the package, loaded once it is known that there
 * is something to do: on the way to a command, each file more costs as much as thousands of lines that are not run.
 */
export { reportFailure, reportUnwritable } from '../failure.ts';
export { printMessage } from '../messages.ts';
export { runBisectBuild, runBisectConfig, runBisectRun, runBisectVerdict } from './bisect.ts';
export {
  runBisectClean,
  runBisectInstall,
  runBisectReport,
  runBisectReset,
  runBisectStatus,
} from './bisect-after.ts';
export { runBisectStart } from './bisect-start.ts';
export { runBuild } from './build.ts';
export { runCheck } from './check.ts';
export { runConf } from './conf.ts';
export { runEstimate } from './estimate.ts';
export { runMap } from './map.ts';
export { runObjects } from './objects.ts';
export { runRecord } from './record.ts';
export { runRehearse } from './rehearse.ts';
export { runTrim } from './trim.ts';
export { runWhy } from './why.ts';
