/**
 * The public API.
 */
export type { Diagnostic, Position, Severity } from './diagnostics/diagnostic.ts';
export { InputError } from './diagnostics/diagnostic.ts';
export { NodeFileSystem } from './platform/node.ts';
export type { CommandResult, CommandRunner, FileStat, FileSystem, Platform, RunOptions } from './platform/platform.ts';
