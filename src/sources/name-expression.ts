/** What name an expression of a C source makes: texts one behind the other, some of them by macros. */
import { MODULE_NAME, MODULE_NAME_MACRO, UNRESOLVED } from './module-name.ts';

const MAX_DEPTH = 6;
/** Longest expression that is taken for a name. */
const MAX_LENGTH = 120;
const TOKEN = /"((?:[^"\\\n]|\\.)*)"|([A-Za-z_]\w*)|\/\*[\s\S]*?\*\/|\s+|([\s\S])/g;

/**
 * @param macro the text that a macro without parentheses stands for; null where that is not known
 * @returns null for what makes no name; behind `UNRESOLVED` the expression, where macros are left over
 */
export function nameOf(expression: string, macro: (name: string) => string | null): string | null {
  const made = expression.length > MAX_LENGTH ? null : textOf(expression, macro, MAX_DEPTH);
  if (made === undefined) return UNRESOLVED + expression.replace(/\s+/g, ' ').trim();
  return made === null || /[%*\t\n]/.test(made) ? null : made;
}

/** Undefined where a macro is left over. */
function textOf(expression: string, macro: (name: string) => string | null, depth: number): string | null | undefined {
  let [made, count] = ['', 0];
  let isLeft = false;
  for (const [, text, word, other] of expression.matchAll(TOKEN)) {
    if (other !== undefined) return null;
    if (text === undefined && word === undefined) continue;
    count++;
    if (text !== undefined) made += text;
    else if (word === MODULE_NAME_MACRO) made += MODULE_NAME;
    else {
      const body = depth > 0 ? macro(word!) : null;
      const inner = body === null ? undefined : textOf(body, macro, depth - 1);
      if (inner === null) return null;
      if (inner === undefined) isLeft = true;
      else made += inner;
    }
  }
  if (isLeft) return undefined;
  return count === 0 ? null : made;
}
