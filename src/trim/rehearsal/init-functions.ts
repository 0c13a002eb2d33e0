/** A function that the kernel runs once while it starts. */
export interface InitFunction {
  readonly name: string;
  /** The word that registers it, without `_initcall`: `core`, `subsys`, `late`; `device` for modules that are built in. */
  readonly level: string;
}

/** include/linux/init.h; what `console_initcall` registers is not run by `do_one_initcall`, so no parameter stops it. */
const CALL = /^[ \t]*(\w+_initcall(?:_sync)?|__initcall|module_init)\([ \t]*(\w+)[ \t]*\)/gm;
/** Macros around a driver that define its init function: `module_pci_driver(nvme_driver)` makes `nvme_driver_init`. */
const DRIVER = /^[ \t]*(?:module|builtin)_(\w*driver(?:_probe)?|misc_device)\([ \t]*(\w+)[ \t]*[,)]/gm;
/** Those whose function has another name. */
const NAMED: Readonly<Record<string, string>> = {
  phy_driver: 'phy_module_init',
  usb_serial_driver: 'usb_serial_module_init',
};

/** The init functions in a C source, in the order in which they stand there. */
export function initFunctionsIn(text: string): readonly InitFunction[] {
  const found = new Map<string, string>();
  for (const [, word = '', name = ''] of text.matchAll(CALL)) {
    const level = word === 'module_init' || word === '__initcall' ? 'device' : word.replace(/_initcall(_sync)?$/, '');
    if (level !== 'console') found.set(name, level);
  }
  for (const [, kind = '', variable = ''] of text.matchAll(DRIVER)) {
    found.set(NAMED[kind] ?? `${variable}_init`, 'device');
  }
  return [...found].map(([name, level]) => ({ name, level }));
}
