import { optimiseLater } from '../platform/compiler.ts';
import { Scope } from '../platform/scope.ts';
import { runCommandLine } from './command-line.ts';
import { EXIT_FAILED } from './exit-status.ts';
import { loadCommands } from './load-commands.ts';
import { watchOutput } from './output.ts';

let hasFailed = false;
const scope = new Scope({ processGoesOn: false });

/** Says why the run cannot be done, once, and ends what was started for it. */
async function fail(error: unknown): Promise<void> {
  process.exitCode = EXIT_FAILED;
  scope.close();
  if (hasFailed) return;
  hasFailed = true;
  try {
    const { reportFailure } = await loadCommands();
    reportFailure(error);
  } catch {
    // Without them there are no words either: few file handles, or a damaged installation.
    process.stderr.write(`kconfig-trim: error: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

// Should the event loop run empty before a command has returned, that is no success.
process.exitCode = EXIT_FAILED;
// Thrown in a callback, where no command can catch it.
process.on('uncaughtException', (error) => void fail(error));
const outputWritten = watchOutput(async (reason) => {
  const { reportUnwritable } = await loadCommands();
  reportUnwritable(reason);
});
optimiseLater();
void main();

async function main(): Promise<void> {
  try {
    const status = await runCommandLine(process.argv.slice(2), scope);
    if (!hasFailed) process.exitCode = status;
  } catch (error) {
    await fail(error);
  } finally {
    await scope.close();
    await outputWritten();
    // V8 would free its memory piece by piece first.
    process.exit();
  }
}
