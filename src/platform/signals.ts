import type { EndSignal, PassedSignal } from './platform.ts';

/** What a terminal, a closing session or a CI runner sends to end a program. */
const ENDING: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/**
 * From now on, signals that would end this process go to `handler` instead. Ctrl-Z stops the programs that `pass`
 * reaches and then this process; both go on together.
 * @param pass hands a signal on
 * @returns ends that
 */
export function catchSignals(handler: (name: EndSignal) => void, pass: (name: PassedSignal) => void): () => void {
  const suspend = (): void => {
    pass('SIGSTOP');
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = (): void => pass('SIGCONT');
  const release = onEndSignal(handler);
  process.on('SIGTSTP', suspend);
  process.on('SIGCONT', resume);
  return () => {
    release();
    process.off('SIGTSTP', suspend);
    process.off('SIGCONT', resume);
  };
}

/**
 * From now on, signals that would end this process go to `handler` instead.
 * @returns ends that
 */
export function onEndSignal(handler: (name: EndSignal) => void): () => void {
  for (const name of ENDING) process.on(name, handler);
  return () => {
    for (const name of ENDING) process.off(name, handler);
  };
}

/** Ends this process by a signal, so that whoever started it sees what a shell shows as 128 + number. */
export function endBySignal(name: EndSignal): void {
  process.kill(process.pid, name);
}
