import { type CompiledCode, KeptCode } from '../cache/kept-code.ts';
import type { ByteCache } from '../platform/platform.ts';
import { ScriptFile } from '../platform/script-file.ts';

/** Code that was loaded. */
export interface LoadedCode<Exports> {
  readonly exports: Exports;
  /**
   * Keeps what was compiled for the next run, unless it has that already. It can fail in silence.
   * @param isSettled whether later runs will be as this one was
   */
  keep(isSettled: boolean): void;
}

/**
 * Runs a CommonJS file of this program, with what was compiled of it in an earlier run.
 * @param cache where that is; null to use and keep nothing
 * @param use what the file is run for: each use calls other functions, and has its own compiled form
 */
export function loadCode<Exports extends object>(file: URL, cache: ByteCache | null, use: string): LoadedCode<Exports> {
  const source = new ScriptFile(file);
  const entry = cache && new KeptCode(cache, [use, source.checksum, ...compilerSettings()]);
  const kept = entry && read(entry);
  const script = source.compile(kept?.bytes ?? null);
  const used = script.isRejected === false ? kept : null;
  return {
    exports: script.run() as Exports,
    keep: (isSettled) => {
      if (!entry || (used && (used.isSettled || !isSettled))) return;
      try {
        entry.write({ bytes: script.compiled(), isSettled });
      } catch {
        // Nothing was promised.
      }
    },
  };
}

/** V8 checks its version and flags itself; but runs with other ones are not to take each other's place. */
function compilerSettings(): readonly unknown[] {
  return [process.versions.v8, process.arch, process.execArgv, process.env['NODE_OPTIONS'] ?? ''];
}

function read(entry: KeptCode): CompiledCode | null {
  try {
    return entry.read();
  } catch {
    // Made by another program, then: it has our name, but not our form.
    return null;
  }
}
