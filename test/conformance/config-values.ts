/** A .config's text as Kbuild reads it. */

/** The values a .config gives as Kbuild sees them: by symbol, without CONFIG_ and quotes (since Linux 5.17). */
export function configValues(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const found = /^CONFIG_(\w+)=(.*)$/.exec(line);
    if (found === null) continue;
    const quoted = /^"(.*)"$/.exec(found[2]!)?.[1];
    values.set(found[1]!, quoted === undefined ? found[2]! : quoted.replace(/\\(.)/g, '$1'));
  }
  return values;
}

/** include/config/auto.conf as syncconfig writes it for a .config. */
export function autoConf(config: string): string {
  return [...configValues(config)].map(([name, value]) => `CONFIG_${name}=${value}\n`).join('');
}
