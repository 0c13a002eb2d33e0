declare const KCONFIG_TRIM_VERSION: string | undefined;

/** The version in package.json, put in by the build; run from source it has none. */
export const VERSION = typeof KCONFIG_TRIM_VERSION === 'string' ? KCONFIG_TRIM_VERSION : 'source';
