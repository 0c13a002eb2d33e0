/** Of the package. */
export const version: string;
/** A name that changes with every file of src/. */
export function sourceDigest(): string;
