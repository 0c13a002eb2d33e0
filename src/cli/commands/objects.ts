import type { Scope } from '../../platform/scope.ts';
import { kbuildLookup } from '../../trim/lookup.ts';
import { CommandRun } from '../command-run.ts';
import { DataOutput } from '../data-output.ts';
import type { CommonOptions } from '../options.ts';
import { requireOutputs } from '../overwriting.ts';

/** `kconfig-trim objects`: the translation units that a config builds. */
export async function runObjects(options: CommonOptions, scope: Scope): Promise<number> {
  const command = await CommandRun.open(options, scope);
  const base = await command.readConfigAlone('objects');
  requireOutputs(command.platform, { read: [base.source], written: [options.output] });
  const { workspace } = command;
  const { config } = workspace.configure(await workspace.kconfig(base.text), base);
  const kbuild = workspace.kbuild(config.kconfig);
  const { units } = kbuild.build(kbuildLookup(config));
  command.finish();
  command.report(kbuild.missingDirectories);
  const output = new DataOutput(options, command.platform.cwd);
  if (options.json) output.json({ objects: units }, false);
  else output.bytes(units.map((unit) => `${unit}\n`).join(''));
  return 0;
}
