import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { askUnknown, Preprocessor } from '../../src/kconfig/preprocessor.ts';

const WHERE = { file: 'Kconfig', line: 7 };

function make(shell: (command: string) => string | null = () => ''): Preprocessor {
  const env: Record<string, string> = { CC: 'gcc', EMPTY: '' };
  return new Preprocessor({ env: (name) => env[name], shell, message: () => {} });
}

const failure = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.diagnostic.code;
    throw error;
  }
  return 'none';
};

describe('variables', () => {
  it('simple ones are expanded when assigned, recursive ones when used', () => {
    const macros = make();
    macros.assign('A', 'one', 'recursive', WHERE);
    macros.assign('SIMPLE', '$(A)', 'simple', WHERE);
    macros.assign('RECURSIVE', '$(A)', 'recursive', WHERE);
    macros.assign('A', 'two', 'recursive', WHERE);
    expect(macros.expand('$(SIMPLE) $(RECURSIVE) $(CC) [$(NONE)]', WHERE)).toBe('one two gcc []');
  });

  it('+= keeps the flavour of what is there, and is recursive where nothing is', () => {
    const macros = make();
    macros.assign('X', '1', 'recursive', WHERE);
    macros.assign('S', '$(X)', 'simple', WHERE);
    macros.assign('S', '$(X)', 'append', WHERE);
    macros.assign('R', '$(X)', 'append', WHERE);
    macros.assign('X', '2', 'recursive', WHERE);
    expect(macros.expand('$(S) $(R)', WHERE)).toBe('1 1 2');
  });

  it('user functions take arguments, nested and computed names work', () => {
    const macros = make();
    macros.assign('join', '$(1)-$(2)', 'recursive', WHERE);
    macros.assign('name', 'join', 'recursive', WHERE);
    expect(macros.expand('$(join,a,$(join,b,c)) $($(name),x, y) $(join,(p,q),r)', WHERE)).toBe('a-b-c x- y (p,q)-r');
  });

  it('a variable that references itself is an error; a function may call itself with arguments', () => {
    const macros = make();
    macros.assign('loop', '$(loop)', 'recursive', WHERE);
    expect(failure(() => macros.expand('$(loop)', WHERE))).toBe('kconfig-recursive-variable');
    macros.assign('deep', '$(deep,x)', 'recursive', WHERE);
    expect(failure(() => macros.expand('$(deep,x)', WHERE))).toBe('kconfig-deep-expansion');
  });

  it('only $( is special, and it must end', () => {
    const macros = make();
    expect(macros.expand('$A ${B} 5$', WHERE)).toBe('$A ${B} 5$');
    expect(failure(() => macros.expand('$(A', WHERE))).toBe('kconfig-unterminated-reference');
  });
});

describe('functions', () => {
  it('shell: newlines at the end go, others become spaces', () => {
    expect(make(() => 'a\nb\n\n').expand('<$(shell,cmd)>', WHERE)).toBe('<a b>');
  });

  it('shell takes the first 4095 bytes', () => {
    expect(make(() => 'x'.repeat(5000)).expand('$(shell,cmd)', WHERE)).toHaveLength(4095);
  });

  it('an unknown answer is a mark, and so is what is made from it', () => {
    const macros = make(() => null);
    macros.assign('probe', '$(shell,first)', 'simple', WHERE);
    const value = macros.expand('$(shell,second $(probe))', WHERE);
    expect(value).toMatch(/^\0\d+\0$/);
    expect(macros.unknownCommands).toHaveLength(2);
  });

  it('commands that are made of answers can be asked for when those are known', () => {
    const macros = make(() => null);
    macros.assign('probe', '$(shell,first)', 'simple', WHERE);
    macros.expand('$(shell,second $(probe) $(shell,third)) $(shell,fourth)', WHERE);
    const asked: string[] = [];
    const answers: Record<string, string> = { first: 'one\n', third: '3', 'second one 3': '2', fourth: '4' };
    const ask = (known: number) => (command: string) => {
      asked.push(command);
      return Object.keys(answers).indexOf(command) < known ? answers[command]! : null;
    };
    expect(askUnknown(macros.unknownCommands, ask(1))).toBeNull();
    expect(asked).toEqual(['first', 'third', 'fourth']);
    expect(askUnknown(macros.unknownCommands, ask(4))).toEqual(['one', '3', '2', '4']);
    expect(asked).toContain('second one 3');
  });

  it('filename, lineno, error-if and the number of arguments', () => {
    const macros = make();
    expect(macros.expand('$(filename):$(lineno)', WHERE)).toBe('Kconfig:7');
    expect(macros.expand('$(error-if,n,message)', WHERE)).toBe('');
    expect(failure(() => macros.expand('$(error-if,y,message)', WHERE))).toBe('kconfig-error-if');
    expect(failure(() => macros.expand('$(error-if,y)', WHERE))).toBe('kconfig-too-few-function-arguments');
    expect(failure(() => macros.expand('$(lineno,1)', WHERE))).toBe('kconfig-too-many-function-arguments');
    expect(failure(() => macros.expand(`$(shell${',a'.repeat(16)})`, WHERE))).toBe('kconfig-too-many-arguments');
  });
});
