import { describe, expect, it } from 'vitest';
import { initFunctionsIn } from '../../../src/trim/rehearsal/init-functions.ts';

describe('initFunctionsIn', () => {
  const names = (text: string): string[] => initFunctionsIn(text).map(({ name, level }) => `${level} ${name}`);

  it('finds initcalls of all levels', () => {
    expect(names('core_initcall(a_init);\nlate_initcall_sync(b_init);\n__initcall(c_init);\n')).toEqual([
      'core a_init',
      'late b_init',
      'device c_init',
    ]);
  });

  it('finds the init function of a module', () => {
    expect(names('module_init(hangcheck_init);\nmodule_exit(hangcheck_exit);\n')).toEqual(['device hangcheck_init']);
  });

  it('finds what macros around drivers define', () => {
    const text = [
      'module_platform_driver(pwm_driver);',
      'builtin_pci_driver(port_driver);',
      'module_platform_driver_probe(lp_driver, lp_probe);',
      'module_usb_serial_driver(serial_drivers, id_table);',
      'module_phy_driver(marvell_drivers);',
      'module_misc_device(watch_dev);\n',
    ].join('\n');
    expect(names(text)).toEqual([
      'device pwm_driver_init',
      'device port_driver_init',
      'device lp_driver_init',
      'device usb_serial_module_init',
      'device phy_module_init',
      'device watch_dev_init',
    ]);
  });

  it('leaves out consoles, which no parameter stops, and what is no initcall', () => {
    expect(names('console_initcall(con_init);\n#define my_initcall(fn) x\nmodule_param(level, int, 0);\n')).toEqual([]);
  });
});
