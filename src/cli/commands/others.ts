/** The commands beside `trim`: a file of their own in the package, loaded when one of them is run. */
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
export { runWhy } from './why.ts';
