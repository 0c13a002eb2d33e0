/** How well the type of a driver's structure fits the bus that the driver is on, from 0. */
export function driverFits(type: string, bus: string): number {
  const own = type.replace(/_driver$/, '').replaceAll('_', '');
  const wanted = bus.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  if (own === wanted) return EXACT;
  // `usb_device_driver` on `usb`; `hda_codec_driver` on `hdaudio`; `phy_driver` on `mdio_bus` has nothing of it.
  if (own.startsWith(wanted) || wanted.startsWith(own)) return BEGINS;
  if (commonStart(own, wanted) >= LEAST_COMMON) return SIMILAR;
  return own === 'device' ? PLAIN : 0;
}

const [EXACT, BEGINS, SIMILAR, PLAIN] = [4, 3, 2, 1];
/** Letters that two names begin with, where they have something to do with each other. */
const LEAST_COMMON = 3;

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
