import type { Link } from '../trim/why-types.ts';

/** Characters of a condition; of a longer one what counts stands beside it. */
const CONDITION_SHOWN = 70;

/** A condition as far as it is shown. */
export const shortCondition = (condition: string): string =>
  condition.length <= CONDITION_SHOWN ? condition : `${condition.slice(0, CONDITION_SHOWN - 2)} …`;

/** One link in words. */
export function linkText({ kind, from, to, condition }: Link): string {
  const named = condition !== '' && condition.length <= CONDITION_SHOWN ? condition : to;
  const onlyIf = condition === '' ? '' : ` if ${shortCondition(condition)}`;
  switch (kind) {
    case 'builds':
      return `${from} is built by ${to}`;
    case 'built-by':
      return `${from} builds ${to} as well`;
    case 'gated-by':
      return `${from} is built only with ${to}`;
    case 'gates':
      return `${from} lets ${to} be built`;
    case 'feature':
      return `${from} has the feature ${to}`;
    case 'depends':
      return `${from} depends on ${named}`;
    case 'prompt':
      return `${from} can be chosen if ${named}`;
    case 'selected-by':
      return `${from} is on by ${to}, which selects it${onlyIf}`;
    case 'select-condition':
      return `${from} is selected only if ${named}`;
    case 'default':
      return `${from} is on by a default that needs ${to}`;
    case 'implied-by':
      return `${from} is on by ${to}, which implies it`;
    case 'selects':
      return `${from} selects ${to}${onlyIf}`;
    case 'implies':
      return `${from} implies ${to}${onlyIf}`;
    case 'sets-default':
      return `${from} makes ${to} on by default`;
    case 'brings':
      return `${to} is on by default where ${condition.length <= CONDITION_SHOWN ? condition : `${from} and all else that it needs is`}`;
    case 'stays':
      return `${to} is built in, which a trim leaves alone`;
  }
}
