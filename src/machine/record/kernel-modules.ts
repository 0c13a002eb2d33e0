import type { FileSystem } from '../../platform/platform.ts';
import { normaliseModuleName } from '../listing-line.ts';

/** What the running kernel has: modules of its own that can be loaded, and what is built in (`/lib/modules/RELEASE`). */
export class KernelModules {
  readonly #loadable: ReadonlySet<string>;
  readonly #builtin: ReadonlySet<string>;

  constructor(fs: FileSystem, release: string | null) {
    const names = (file: string): Set<string> => {
      const text = release === null ? null : fs.readText(`/lib/modules/${release}/${file}`);
      return new Set((text ?? '').split('\n').flatMap(nameOfPath));
    };
    this.#loadable = names('modules.dep');
    this.#builtin = names('modules.builtin');
  }

  /** @param name as the kernel spells it, with `_` for `-` */
  isLoadable(name: string): boolean {
    return this.#loadable.has(name);
  }

  isBuiltin(name: string): boolean {
    return this.#builtin.has(name);
  }
}

/** `kernel/drivers/x/a-b.ko.xz: kernel/…` is `a_b`. */
function nameOfPath(line: string): string[] {
  const name = /^(?:[^:]*\/)?([^/:]+)\.ko(?:\.\w+)?(?::|$)/.exec(line)?.[1];
  return name === undefined ? [] : [normaliseModuleName(name)];
}
