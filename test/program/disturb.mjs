/**
 * Disturbs a run of the built program when its nth phase begins; loaded with `node --import`. With `--performance`, every
 * phase begins with a look at what the process has used, and nothing else in the program looks.
 * DISTURB: `throw:N` throws there, `callback:N` throws in a callback of the event loop, `SIGTERM:N` sends that signal.
 */
const [what, when] = process.env.DISTURB.split(':');
const resourceUsage = process.resourceUsage.bind(process);
let phases = 0;

process.resourceUsage = () => {
  if (++phases === Number(when)) {
    const error = new Error(`disturbed in phase ${when}`);
    if (what === 'throw') throw error;
    if (what === 'callback') {
      setImmediate(() => {
        throw error;
      });
    } else process.kill(process.pid, what);
  }
  return resourceUsage();
};
