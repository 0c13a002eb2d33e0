import { expect, it } from 'vitest';
import { asWritten } from '../../src/trim/as-written.ts';

const tree = {
  readText: (path: string) =>
    path === 'Kconfig' ? 'config A\n\tdepends on $(cc-option,-fa) && $(success,test -e (b)) && C\n' : null,
};
const at = (line: number, file = 'Kconfig') => ({ file, line, column: 0 });

it('shows what was not asked as the file has it', () => {
  const answer = {
    at: at(2),
    condition: '\u00007\u0000 && \u00008\u0000 && C',
    operands: [{ text: '\u00007\u0000', value: 'not asked' }],
    rest: [{ at: at(1), text: 'A' }],
  };
  expect(asWritten(answer, tree)).toEqual({
    at: at(2),
    condition: '$(cc-option,-fa) && $(success,test -e (b)) && C',
    operands: [{ text: '$(cc-option,-fa)', value: 'not asked' }],
    rest: [{ at: at(1), text: 'A' }],
  });
});

it('shows no number where no line tells what was asked', () => {
  expect(asWritten({ text: '!\u00007\u0000' }, tree)).toEqual({ text: '!$(…)' });
  expect(asWritten({ at: at(1, 'gone'), text: '\u00007\u0000' }, tree)).toEqual({ at: at(1, 'gone'), text: '$(…)' });
});

it('leaves all else', () => {
  const data = { a: null, b: 1, c: [true, 'text'], at: null };
  expect(asWritten(data, tree)).toEqual(data);
});
