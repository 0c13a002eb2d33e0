declare const KCONFIG_TRIM_VERSION: string | undefined;

/** The version in package.json, put in by the build; run from source it has none. */
export const VERSION = typeof KCONFIG_TRIM_VERSION === 'string' ? KCONFIG_TRIM_VERSION : 'source';

declare const KCONFIG_TRIM_BUILD: string | undefined;

/** Changes with this program's code; null where it runs from source, which may change at any time. */
export const BUILD = typeof KCONFIG_TRIM_BUILD === 'string' ? KCONFIG_TRIM_BUILD : null;
