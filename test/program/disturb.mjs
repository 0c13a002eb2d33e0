/**
 * Disturbs a run of the built program when its nth phase begins; loaded with `node --import`. With `--performance`, every
 * phase begins with a look at what the process has used, and nothing else in the program looks.
 * DISTURB: `throw:N` throws there, `callback:N` throws in a callback of the event loop, `SIGTERM:N` sends that signal and
 * says so where the process goes on. `listeners:0` says of each phase in which signals are caught.
 */
const [what, when] = process.env.DISTURB.split(':');
const resourceUsage = process.resourceUsage.bind(process);
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
let phases = 0;

process.resourceUsage = () => {
  phases++;
  if (what === 'listeners') {
    const caught = SIGNALS.filter((name) => process.listenerCount(name) > 0);
    process.stderr.write(caught.length > 0 ? `caught in phase ${phases}: ${caught}\n` : `free in phase ${phases}\n`);
  } else if (phases === Number(when)) {
    const error = new Error(`disturbed in phase ${when}`);
    if (what === 'throw') throw error;
    if (what === 'callback') {
      setImmediate(() => {
        throw error;
      });
    } else {
      process.kill(process.pid, what);
      process.stderr.write(`goes on after ${what} in phase ${phases}\n`);
    }
  }
  return resourceUsage();
};
