import type { Start } from '../../scripts/docs/scenes.ts';
import { run } from '../cli/run.ts';

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

/** Runs a command of the documentation in the test's own process. */
export const startHere: Start = async (args, { cwd, env }) => {
  const { status, stdout, stderr } = await run(args, { cwd, env });
  return { status, stdout: utf8(stdout), stderr: utf8(stderr) };
};
