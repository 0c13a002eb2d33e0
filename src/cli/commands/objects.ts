import { readDotConfig } from '../../dotconfig/read.ts';
import type { Scope } from '../../platform/scope.ts';
import { kbuildLookup } from '../../trim/lookup.ts';
import { Configuration } from '../../values/configuration.ts';
import { readBase } from '../../workspace/base.ts';
import { Session } from '../../workspace/session.ts';
import { DataOutput } from '../data-output.ts';
import type { CommonOptions } from '../options.ts';

/** `kconfig-trim objects`: the translation units that a config builds. */
export async function runObjects(options: CommonOptions, scope: Scope): Promise<number> {
  const session = await Session.open(options, scope);
  const base = await readBase(session);
  const config = new Configuration(await session.kconfig(base.text));
  readDotConfig(config, base.text, { file: base.source });
  const { units } = session.kbuild(config.kconfig).build(kbuildLookup(config));
  session.finish();
  const output = new DataOutput(options, session.platform.cwd);
  if (options.json) output.json({ objects: units }, false);
  else output.bytes(units.map((unit) => `${unit}\n`).join(''));
  return 0;
}
