/** Files of the tree. */
interface TreeFiles {
  readText(path: string): string | null;
  readDirectory(path: string): readonly string[];
}

const HEADERS = 'include/acpi';

/** The names that ACPICA's headers give signatures of tables: `APIC` is `ACPI_SIG_MADT`. */
export class AcpiSignatures {
  readonly #files: TreeFiles;
  #names: Map<string, string[]> | null = null;

  constructor(files: TreeFiles) {
    this.#files = files;
  }

  /** @returns names without `ACPI_SIG_` */
  namesOf(signature: string): readonly string[] {
    this.#names ??= this.#read();
    return this.#names.get(signature) ?? [];
  }

  #read(): Map<string, string[]> {
    const names = new Map<string, string[]>();
    for (const file of this.#files.readDirectory(HEADERS).filter((name) => /^ac.*\.h$/.test(name))) {
      const text = this.#files.readText(`${HEADERS}/${file}`) ?? '';
      for (const [, name = '', signature = ''] of text.matchAll(/^#define ACPI_SIG_(\w+)\s+"([^"\n]{4})"/gm)) {
        names.set(signature, [...(names.get(signature) ?? []), name]);
      }
    }
    return names;
  }
}
