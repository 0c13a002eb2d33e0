/** RESULT of a makefile, as the evaluator is used for Kbuild files and for the top Makefile. */
import { spawnSync } from 'node:child_process';
import { ConditionTable } from '../../src/conditions/condition-table.ts';
import { MakeEvaluator } from '../../src/make/evaluator.ts';
import { TreeFiles } from '../../src/make/files.ts';
import { parseMakefile } from '../../src/make/parser.ts';
import type { Value } from '../../src/make/values.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

/** What RESULT expands to with nothing configured. */
export function kbuildResult(makefile: string): string {
  const files = new TreeFiles(memoryFs({ '/tree/.keep': '' }), '/tree');
  const make = new MakeEvaluator({ table: new ConditionTable(), files, config: () => undefined, holes: [] });
  make.run(parseMakefile(makefile, 'Makefile'));
  return valueText(make.variable('RESULT'));
}

function runShell(command: string): string {
  return spawnSync('/bin/sh', ['-c', command], { encoding: 'latin1' }).stdout;
}

/** What RESULT expands to where programs run for what somebody asks for. */
export function onDemandResult(makefile: string, ran: string[] = [], run = runShell): string {
  const make = new MakeEvaluator({
    table: new ConditionTable(),
    files: new TreeFiles(memoryFs({ '/tree/.keep': '' }), '/tree', true),
    config: () => undefined,
    holes: [],
    shell: {
      mayAnswer: () => true,
      answer: (command) => {
        ran.push(command);
        return run(command);
      },
    },
    isOnDemand: true,
  });
  make.run(parseMakefile(makefile, 'Makefile', 1, true));
  return valueText(make.variable('RESULT'));
}

/** A value's text where all its pieces hold. */
export function valueText(value: Value): string {
  if (typeof value === 'string') return value;
  return value.pieces.map((piece) => piece.text).join(value.kind === 'words' ? ' ' : '');
}
