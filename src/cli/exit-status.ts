/** Could not run: usage, unreadable or broken input, or nowhere to write to. */
export const EXIT_FAILED = 2;
