import { describe, expect, it } from 'vitest';
import { calledUnits } from '../../../src/trim/rehearsal/called-units.ts';

/** Sources by unit: what each defines and calls. */
const called = (sources: Readonly<Record<string, string>>): readonly string[] => {
  const others = Object.keys(sources).filter((unit) => unit !== 'runs.o');
  return [...calledUnits(['runs.o'], others, (unit) => sources[unit] ?? '')].sort();
};

describe('calledUnits', () => {
  it('finds what code that runs calls, and what that calls in its turn', () => {
    const sources = {
      'runs.o': 'static void f(void)\n{\n\tfirst(1);\n}\n',
      'first.o': 'void first(int n)\n{\n\tsecond(n);\n}\n',
      'second.o': 'struct heron *second(int (*get)(int),\n\t\t     int n)\n{\n\tthird();\n}\n',
      'third.o': 'unsigned long __init third(void)\n{\n}\n',
      'alone.o': 'void alone(void)\n{\n\tfirst(2);\n\talone();\n}\n',
    };
    expect(called(sources)).toEqual(['first.o', 'second.o', 'third.o']);
  });

  it('takes a declaration, a function of one file, a table and a word for no call', () => {
    const sources = {
      'runs.o': 'static void f(void)\n{\n\tdeclared(1);\n\tlocal(1);\n\tx = named;\n\twrapper_named(1);\n}\n',
      'declared.o': 'int declared(int n);\nint other(void)\n{\n}\n',
      'local.o': 'static int local(int n)\n{\n}\n',
      'named.o': 'int named(int n)\n{\n}\n',
      'table.o': 'static const struct ops named = {\n\t.get = declared,\n};\n',
    };
    expect(called(sources)).toEqual([]);
  });

  it('finds nothing where nothing runs', () => {
    expect([...calledUnits([], ['a.o'], () => 'void a(void)\n{\n\ta();\n}\n')]).toEqual([]);
  });
});
