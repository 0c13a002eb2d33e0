/** Answers of `why` as a graph, for Graphviz and Mermaid. */

import type { Position } from '../diagnostics/diagnostic.ts';
import type { LinkKind, ModuleAnswer, ObjectAnswer, SymbolAnswer, TrimmedView, WhyAnswer } from '../trim/why-types.ts';
import { byteStringToTerminal } from './plain-text.ts';
import type { WhyReport } from './why-text.ts';

/** What the name was, what leads to it, and a fact of a record. */
type NodeKind = 'asked' | 'name' | 'fact';

interface Node {
  readonly label: string;
  readonly kind: NodeKind;
}

interface Edge {
  /** Numbers of nodes. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
  /** Whether it is a condition that fails. */
  readonly fails: boolean;
}

const LINK_LABELS: Readonly<Record<LinkKind, string>> = {
  builds: 'is built by',
  'built-by': 'builds as well',
  'gated-by': 'is built only with',
  gates: 'lets be built',
  feature: 'has the feature',
  depends: 'depends on',
  prompt: 'can be chosen if',
  'selected-by': 'is selected by',
  'select-condition': 'is selected only if',
  default: 'has a default that needs',
  'implied-by': 'is implied by',
  selects: 'selects',
  implies: 'implies',
  'sets-default': 'sets the default of',
  brings: 'brings',
  stays: 'stays',
};

/** The answers as a graph: chains, what selects, conditions that fail, and facts of the record. */
class WhyGraph {
  readonly nodes: Node[] = [];
  readonly edges: Edge[] = [];
  readonly #numbers = new Map<string, number>();

  constructor({ answers }: WhyReport) {
    for (const { kind, name, value } of answers) {
      this.#node(name, 'asked', kind === 'symbol' ? `${name}=${value}` : name);
    }
    for (const answer of answers) this.#add(answer);
  }

  #add(answer: WhyAnswer): void {
    if (answer.kind === 'object') this.#addObject(answer);
    else {
      if (answer.kind === 'symbol') this.#addSelectors(answer);
      else this.#addBuilders(answer);
      this.#addBlockers(answer);
      if (answer.trimmed) this.#addTrimmed(answer.name, answer.trimmed);
    }
  }

  #addObject({ name, modules, symbols, at }: ObjectAnswer): void {
    for (const path of modules) this.#edge(path.slice(path.lastIndexOf('/') + 1), name, 'contains', null);
    for (const symbol of symbols) this.#edge(symbol.name, name, `builds (${symbol.value})`, at);
  }

  #addBuilders({ name, symbols, at }: ModuleAnswer): void {
    // Those that are off are among the conditions that fail.
    for (const symbol of symbols) if (symbol.value !== 'n') this.#edge(symbol.name, name, 'builds', at);
  }

  #addSelectors({ name, setBy }: SymbolAnswer): void {
    if (setBy.kind !== 'select' && setBy.kind !== 'imply') return;
    const verb = setBy.kind === 'select' ? 'selects' : 'implies';
    for (const { text, at } of setBy.by) {
      const [selector = '', ...condition] = text.split(' ');
      this.#edge(selector, name, [verb, ...condition].join(' '), at);
    }
  }

  #addBlockers({ name, blockers }: SymbolAnswer | ModuleAnswer): void {
    for (const { kind, at, operands } of blockers) {
      const verb = kind === 'depends' || kind === 'enclosing' ? 'depends on' : kind === 'builds' ? 'is built by' : kind;
      for (const { symbol, value } of operands) this.#edge(name, symbol, `${verb} (${value})`, at, true);
    }
  }

  #addTrimmed(name: string, { chain, reason }: TrimmedView): void {
    for (const { kind, from, to, at } of chain) {
      if (from !== '') this.#edge(from, to, LINK_LABELS[kind], at);
    }
    for (const each of reason?.for ?? []) if (each !== name) this.#edge(name, each, `${reason!.reason} for`, null);
    for (const fact of reason?.evidence ?? []) this.#edge(fact, name, 'in the record', null, false, 'fact');
  }

  #node(name: string, kind: NodeKind = 'name', label = name): number {
    const known = this.#numbers.get(name) ?? this.nodes.length;
    if (known === this.nodes.length) {
      this.#numbers.set(name, known);
      this.nodes.push({ label: byteStringToTerminal(label), kind });
    }
    return known;
  }

  #edge(from: string, to: string, verb: string, at: Position | null, fails = false, kind: NodeKind = 'name'): void {
    const label = byteStringToTerminal(at ? `${verb}\n${at.file}:${at.line}` : verb);
    const edge = { from: this.#node(from, kind), to: this.#node(to), label, fails };
    const isThere = this.edges.some((each) => each.from === edge.from && each.to === edge.to && each.label === label);
    if (!isThere) this.edges.push(edge);
  }
}

/** The answers for Graphviz. */
export function whyDot(report: WhyReport): string {
  const { nodes, edges } = new WhyGraph(report);
  const styles: Readonly<Record<NodeKind, string>> = {
    asked: ', style="bold,filled", fillcolor="#cfe5f7"',
    name: '',
    fact: ', shape=note',
  };
  return [
    'digraph why {',
    '  rankdir=LR;',
    '  node [shape=box, fontname="sans-serif"];',
    '  edge [fontname="sans-serif", fontsize=10];',
    ...nodes.map(({ label, kind }, index) => `  n${index} [label=${dotText(label)}${styles[kind]}];`),
    ...edges.map(
      ({ from, to, label, fails }) =>
        `  n${from} -> n${to} [label=${dotText(label)}${fails ? ', style=dashed, color="#b3261e"' : ''}];`,
    ),
    '}',
    '',
  ].join('\n');
}

/** A quoted string. A backslash begins an escape there, and `&` an entity. */
function dotText(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}

/** The answers for Mermaid. */
export function whyMermaid(report: WhyReport): string {
  const { nodes, edges } = new WhyGraph(report);
  const asked = nodes.flatMap(({ kind }, index) => (kind === 'asked' ? [`n${index}`] : []));
  const boxes: Readonly<Record<NodeKind, readonly [string, string]>> = {
    asked: ['[', ']'],
    name: ['[', ']'],
    fact: ['([', '])'],
  };
  return [
    'flowchart LR',
    ...nodes.map(({ label, kind }, index) => `  n${index}${boxes[kind].join(mermaidText(label))}`),
    ...edges.map(({ from, to, label, fails }) => `  n${from} ${fails ? '-.->' : '-->'}|${mermaidText(label)}| n${to}`),
    ...(asked.length > 0 ? [`  style ${asked.join(',')} stroke-width:3px`] : []),
    '',
  ].join('\n');
}

/** A quoted string in which all but plain characters are codes: text may hold comments, directives and Markdown. */
function mermaidText(text: string): string {
  const escaped = text.replace(/[^\w\s.,:/()=!|+-]/gu, (found) => `#${found.codePointAt(0)};`);
  return `"${escaped.replaceAll('\n', '<br/>').replaceAll(/\s/g, ' ')}"`;
}
