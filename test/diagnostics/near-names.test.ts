import { expect, it } from 'vitest';
import { nearNames } from '../../src/diagnostics/near-names.ts';

it.each([
  ['olddefconfi', ['alldefconfig', 'olddefconfig', 'defconfig'], ['olddefconfig', 'alldefconfig']],
  ['usb_acn', ['USB_ACM', 'USB', 'USB_ACNE_OF_ALL'], ['USB_ACM', 'USB_ACNE_OF_ALL']],
  ['vboxdrv', ['vfat', 'xen'], []],
])('%s: a slip away, then those that contain it', (word, names, near) => {
  expect(nearNames(word, names, 3)).toEqual(near);
});
