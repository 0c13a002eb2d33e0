/**
 * All commands, and the words for what goes wrong. They are loaded once it is known that there is something to do: on the
 * way to a command, each file more costs as much as thousands of lines that are not run. Only what a trim does not need,
 * a third of all lines, is a second file.
 */
export { reportFailure, reportUnwritable } from '../failure.ts';
export { printMessage } from '../messages.ts';
export { runTrim } from './trim.ts';

type Others = typeof import('./others.ts');

export const runBisectBuild = later('runBisectBuild');
export const runBisectClean = later('runBisectClean');
export const runBisectConfig = later('runBisectConfig');
export const runBisectInstall = later('runBisectInstall');
export const runBisectReport = later('runBisectReport');
export const runBisectReset = later('runBisectReset');
export const runBisectRun = later('runBisectRun');
export const runBisectStart = later('runBisectStart');
export const runBisectStatus = later('runBisectStatus');
export const runBisectVerdict = later('runBisectVerdict');
export const runBuild = later('runBuild');
export const runCheck = later('runCheck');
export const runConf = later('runConf');
export const runEstimate = later('runEstimate');
export const runMap = later('runMap');
export const runObjects = later('runObjects');
export const runRecord = later('runRecord');
export const runRehearse = later('runRehearse');
export const runWhy = later('runWhy');

/** A command of the other file. */
function later<Name extends keyof Others>(name: Name) {
  return async (...args: Parameters<Others[Name]>): Promise<number> => {
    const run = (await import('./others.ts'))[name] as (...args: Parameters<Others[Name]>) => Promise<number>;
    return run(...args);
  };
}
