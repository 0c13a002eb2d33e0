/** Targets of the kernel's make, and what they are here. */
export const MAKE_TARGETS: Readonly<Record<string, string>> = {
  localmodconfig: 'trim',
  localyesconfig: 'trim --builtin',
  oldconfig: 'conf olddefconfig',
  syncconfig: 'conf olddefconfig',
  silentoldconfig: 'conf olddefconfig',
  oldnoconfig: 'conf olddefconfig',
  helpnewconfig: 'conf listnewconfig',
};

/** Targets that nothing is here, most because they ask. */
export const OF_MAKE_ALONE: ReadonlySet<string> = new Set([
  ...['config', 'menuconfig', 'nconfig', 'xconfig', 'gconfig', 'randconfig', 'tinyconfig', 'testconfig'],
]);
