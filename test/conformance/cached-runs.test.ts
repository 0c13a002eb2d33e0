/**
 * What is cached between runs changes no answer: the program on real trees, with a cold cache, while it writes, and with
 * what it has cached of this config and of another. (Of `conf`, test/conformance/make-olddefconfig.test.ts shows it.)
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { runBuilt } from '../cli/run.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { describeKernels } from './describe-kernels.ts';
import { judgedConfigs } from './kbuild-configs.ts';
import type { Kernel } from './kernels.ts';
import { LISTINGS } from './real-listings.ts';
import { random, sampleSeed } from './sampling.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
/** Configs of one kernel that a run samples. */
const SAMPLED = 1;
/** Modules that are asked for: all of them are more than the 1 MiB that a child process may print here. */
const MAX_MODULES = 40;

describeKernels('what is kept between runs', (kernels) => {
  const seed = sampleSeed();
  const draw = random(seed);
  let scratch = '';
  beforeAll(() => {
    scratch = temporaryFolder();
  });

  /** What a trim writes and reports, and what is asked of modules and objects beside it. */
  const answers = async (
    kernel: Kernel,
    arch: string,
    config: string,
    listing: string,
    more: readonly string[],
  ): Promise<string[]> => {
    const common = ['-C', kernel.tree, '--arch', arch, '-c', config, '--no-exec', ...more];
    const env = { XDG_CACHE_HOME: join(scratch, 'cache') };
    const output = join(scratch, 'output');
    rmSync(output, { force: true });
    const trimmed = await runBuilt([...common, '-l', listing, '-o', output, '--json'], { env });
    const written = readFileSync(output, 'latin1');
    const names = [...written.matchAll(/^CONFIG_(\w+)=m$/gm)].map(([, name]) => name!.toLowerCase());
    const mapped = await runBuilt(['map', '--json', ...common, 'loop', ...names.slice(0, MAX_MODULES)], { env });
    const why = await runBuilt(['why', '--json', ...common, '-l', listing, names[0]?.toUpperCase() ?? 'MODULES'], {
      env,
    });
    expect([trimmed.status, mapped.status, why.status]).not.toContain(2);
    return [written, trimmed.stdout, trimmed.stderr, mapped.stdout, why.stdout];
  };

  for (const kernel of kernels) {
    const configs = judgedConfigs(kernel);
    for (const { name, arch, read } of FULL ? configs : draw.pick(configs, SAMPLED)) {
      const [listing] = draw.pick(LISTINGS, 1);
      const other = draw.pick(
        configs.filter((each) => each.arch === arch && each.name !== name),
        1,
      )[0]!;
      it(`changes no answer on ${kernel.version} ${name} (seed ${seed})`, async () => {
        rmSync(join(scratch, 'cache'), { recursive: true, force: true });
        const config = join(scratch, 'config');
        const otherConfig = join(scratch, 'other');
        writeFileSync(config, read(), 'latin1');
        writeFileSync(otherConfig, other.read(), 'latin1');
        const right = await answers(kernel, arch, config, listing!, ['--no-cache']);
        const rightOther = await answers(kernel, arch, otherConfig, listing!, ['--no-cache']);
        expect(await answers(kernel, arch, config, listing!, [])).toEqual(right);
        expect(
          readdirSync(join(scratch, 'cache/kconfig-trim')).map((each) => each.replace(/-[0-9a-f]+\.bin$/, '')),
        ).toEqual(expect.arrayContaining(['kbuild', 'kconfig', 'source-answers', 'source-files']));
        expect(await answers(kernel, arch, config, listing!, [])).toEqual(right);
        expect(await answers(kernel, arch, otherConfig, listing!, [])).toEqual(rightOther);
        expect(await answers(kernel, arch, config, listing!, [])).toEqual(right);
      });
    }
  }
});
