import { Command } from 'commander';
import { VERSION } from './version.ts';

const program = new Command('kconfig-trim')
  .description('Trim a distribution kernel .config to the modules that a machine uses')
  .version(VERSION);

await program.parseAsync();
