/**
 * What may go by a listing alone, without a record: code that a PC or a virtual machine cannot use without a module that
 * its listing shows. Everything else of which a listing says nothing stays: a touchpad needs built-in PINCTRL and I2C, a
 * console SERIAL_8250, and no module tells of it. So drivers/acpi, drivers/pci, drivers/firmware, drivers/tty, drivers/input,
 * drivers/hid, drivers/char (HW_RANDOM, TPM), drivers/iommu, drivers/pinctrl, drivers/gpio, drivers/i2c, drivers/mfd
 * and drivers/platform are not here, and nothing of fs, net, crypto and security is.
 */
export interface PlatformPlace {
  /** All in it and below it. */
  readonly directory: string;
  /** Why a machine that uses it would show a module. */
  readonly why: string;
}

const SOC = 'parts of systems on a chip; on a PC what drives them is a module';

export const PLATFORM_PLACES: readonly PlatformPlace[] = [
  { directory: 'drivers/cxl', why: 'memory expanders; their drivers are modules' },
  { directory: 'drivers/devfreq', why: SOC },
  { directory: 'drivers/edac', why: 'each memory controller has a module' },
  { directory: 'drivers/extcon', why: SOC },
  { directory: 'drivers/fpga', why: 'boards with a programmable chip; their drivers are modules' },
  { directory: 'drivers/hwspinlock', why: SOC },
  { directory: 'drivers/iio', why: 'each sensor has a module' },
  { directory: 'drivers/interconnect', why: SOC },
  { directory: 'drivers/ipack', why: 'industrial boards; their drivers are modules' },
  { directory: 'drivers/mailbox', why: SOC },
  { directory: 'drivers/media', why: 'each camera, tuner and receiver has a module' },
  { directory: 'drivers/memory', why: SOC },
  { directory: 'drivers/mux', why: SOC },
  { directory: 'drivers/net/phy', why: 'each network card that needs it has a module' },
  { directory: 'drivers/ntb', why: 'bridges between machines; their drivers are modules' },
  { directory: 'drivers/opp', why: SOC },
  { directory: 'drivers/pcmcia', why: 'each socket has a module' },
  { directory: 'drivers/phy', why: SOC },
  { directory: 'drivers/pps', why: 'each source of pulses has a module' },
  { directory: 'drivers/pwm', why: 'each generator has a module' },
  { directory: 'drivers/rapidio', why: 'each switch has a module' },
  { directory: 'drivers/regulator', why: SOC },
  { directory: 'drivers/remoteproc', why: SOC },
  { directory: 'drivers/reset', why: SOC },
  { directory: 'drivers/rpmsg', why: SOC },
  { directory: 'drivers/slimbus', why: SOC },
  { directory: 'drivers/soc', why: SOC },
  { directory: 'drivers/soundwire', why: 'each controller has a module' },
  { directory: 'drivers/spi', why: 'each controller that a PC has is a module' },
  { directory: 'drivers/spmi', why: SOC },
  { directory: 'drivers/w1', why: 'each master has a module' },
];

/** The place that a unit is in. */
export function platformPlace(unit: string): PlatformPlace | undefined {
  return PLATFORM_PLACES.find(({ directory }) => unit.startsWith(`${directory}/`));
}
