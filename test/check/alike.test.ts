import { describe, expect, it } from 'vitest';
import { isAlike, isMistyped, PromptlessNames, SimilarNames } from '../../src/check/alike.ts';
import fc from '../helpers/fast-check.ts';

describe('isAlike', () => {
  it.each([
    ['KESTRAL_DIVE', 'KESTREL_DIVE'],
    ['PUFIN', 'PUFFIN'],
    ['RETPOLINE', 'MITIGATION_RETPOLINE'],
    ['SND_HDA', 'SND_HDA_CORE'],
    ['USB_NET', 'USBNET'],
  ])('%s may be %s now', (name, other) => {
    expect(isAlike(name, other)).toBe(true);
  });

  it.each([
    ['ACPI_EC', 'ACPI_AC'],
    ['CGROUP_DMEM', 'CGROUP_RDMA'],
    ['NFSD_V3', 'NFSD_V4'],
    ['MODULE_COMPRESS_NONE', 'MODULE_COMPRESS_GZIP'],
    ['RTL8192U', 'RTL8192DU'],
    ['IXGB', 'IXGBE'],
    ['NET', 'NET_ACT_GACT'],
  ])('%s is not %s', (name, other) => {
    expect(isAlike(name, other)).toBe(false);
  });
});

describe('SimilarNames', () => {
  const all =
    `KESTREL_DIVE KESTREL DIVE PUFFIN PUFIN MITIGATION_RETPOLINE RETPOLINE RETPOLINE_X SND_HDA_CORE SND_HDA USBNET
    USB_NET ACPI_EC ACPI_AC NFSD_V3 NFSD_V4 RTL8192U RTL8192DU IXGB IXGBE NET NET_ACT_GACT X86_KESTREL A_PUFFIN_B`.split(
      /\s+/,
    );
  const names = new SimilarNames([...all, 'PUFFIN']);
  const some = new SimilarNames(all.filter((_, i) => i % 2 === 0));

  it.each([...all, 'KESTRAL_DIVE', 'PUFFEN', 'RET_POLINE', 'GONE', ''])('of %j are those that isAlike says', (name) => {
    expect(names.alike(name).sort()).toEqual(all.filter((other) => isAlike(name, other)).sort());
  });

  it.each([...all, 'USB_NTE', 'SND_HAD', 'GONE', ''])('of %j are those that isMistyped says', (name) => {
    expect(names.mistyped(name).sort()).toEqual(all.filter((other) => isMistyped(name, other)).sort());
  });

  it('of random names are those that a search through all finds', () => {
    const word = fc
      .array(fc.constantFrom('A', 'B'), { minLength: 1, maxLength: 11 })
      .map((letters) => letters.join(''));
    const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('_'));
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 60 }), name, (random, asked) => {
        const similar = new SimilarNames(random);
        expect(similar.alike(asked).sort()).toEqual(random.filter((other) => isAlike(asked, other)).sort());
        expect(similar.mistyped(asked).sort()).toEqual(random.filter((other) => isMistyped(asked, other)).sort());
      }),
      { numRuns: 300 },
    );
  });

  it.each(all)('of %j are none that another tree has', (name) => {
    const others = all.filter((_, i) => i % 2 === 0);
    expect(some.alike(name).sort()).toEqual(others.filter((other) => isAlike(name, other)).sort());
  });
});

describe('isMistyped', () => {
  it.each([
    ['SND_SOCC', 'SND_SOC'],
    ['MAC_DRVIER', 'MAC_DRIVER'],
    ['BTRFX_FS', 'BTRFS_FS'],
  ])('%s may have been meant to be %s', (name, other) => {
    expect(isMistyped(name, other)).toBe(true);
  });

  it.each([
    ['ACPI_EC', 'ACPI_AC'],
    ['SND_SC', 'SND_SOC'],
    ['NFSD_V3', 'NFSD_V4'],
    ['RTL8192U', 'RTL8192DU'],
    ['SND_SOC', 'SND_SOC'],
    ['SND_SOC', 'SND_SOC_ACPI'],
    ['SNDD_SOCC', 'SND_SOC'],
  ])('%s is not %s', (name, other) => {
    expect(isMistyped(name, other)).toBe(false);
  });
});

describe('PromptlessNames', () => {
  const named = (hasPrompt: boolean, ...names: string[]) => names.map((name) => ({ name, hasPrompt }));
  const names = new PromptlessNames([
    ...named(false, 'HAVE_A', 'HAVE_B', 'HAVE_C', 'HAVE_D', 'HAVE_KVM_A', 'CC_HAS_A'),
    ...named(true, 'USB_A', 'USB_B', 'USB_C', 'USB_D', 'USB_E'),
    ...named(false, 'USB_F'),
  ]);

  it('takes a symbol that is gone for one as most of its beginning are', () => {
    expect(names.includes('HAVE_GONE')).toBe(true);
    expect(names.includes('HAVE_KVM_GONE')).toBe(true);
    expect(names.includes('USB_GONE')).toBe(false);
  });

  it('says nothing by a few, or by a name of one word', () => {
    expect(names.includes('CC_HAS_GONE')).toBe(false);
    expect(names.includes('SRCU')).toBe(false);
  });
});
