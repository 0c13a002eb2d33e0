import { NONE, ROOT } from '../kconfig/menu-columns.ts';
import { children, type KSymbol, type MenuNode, nextNode, type Property } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { quoted } from './quoted.ts';

/**
 * The configuration as conf writes it to .config, byte for byte (`confdata.c:conf_write`).
 * @param prefix `CONFIG_`, or what the environment puts in its place
 */
export function formatDotConfig(config: Configuration, prefix = 'CONFIG_'): string {
  const { kconfig } = config;
  const { menu, dialect } = kconfig;
  const { all } = kconfig.symbols;
  const out: string[] = [`#\n# Automatically generated file; DO NOT EDIT.\n# ${kconfig.root.prompt!.text}\n#\n`];
  /** By id, 1 for symbols that have their line. */
  const written = new Uint8Array(all.length);
  let needNewline = false;
  let node = menu.list[ROOT]!;
  while (node !== NONE) {
    const id = menu.symbol[node]!;
    if (id === NONE) {
      const entry = kconfig.menuNode(node);
      if (isVisible(config, entry)) {
        out.push(`\n#\n# ${promptText(entry)}\n#\n`);
        needNewline = false;
      }
    } else if (written[id] === 0 && !all[id]!.isChoice && config.isWritten(all[id]!)) {
      if (needNewline) {
        out.push('\n');
        needNewline = false;
      }
      written[id] = 1;
      out.push(formatSymbol(config, all[id]!, prefix, 'unset'));
    }
    if (menu.list[node] !== NONE) {
      node = menu.list[node]!;
      continue;
    }
    for (let end = node; ; ) {
      const hasComment = dialect.endOfMenuComments && (end !== node || dialect.endOfEmptyMenus);
      if (end !== ROOT && menu.symbol[end] === NONE && hasComment) {
        const entry = kconfig.menuNode(end);
        if (endsVisibleMenu(config, entry)) {
          out.push(`# end of ${promptText(entry)}\n`);
          needNewline = true;
        }
      }
      if (menu.next[end] !== NONE) {
        node = menu.next[end]!;
        break;
      }
      end = menu.parent[end]!;
      if (end === NONE) {
        node = NONE;
        break;
      }
    }
  }
  return out.join('');
}

/**
 * The smallest file that brings the configuration back (`confdata.c:conf_write_defconfig`).
 * @param prefix `CONFIG_`, or what the environment puts in its place
 */
export function formatDefconfig(config: Configuration, prefix = 'CONFIG_'): string {
  const out: string[] = [];
  for (let node: MenuNode | null = config.kconfig.root; node; node = nextNode(node)) {
    const { symbol } = node;
    if (!symbol || symbol.isChoice || !config.isWritten(symbol)) continue;
    config.unmarkWritten(symbol);
    if (!config.isChangeable(symbol) || config.text(symbol) === config.defaultText(symbol)) continue;
    if (isDefaultMember(config, symbol)) continue;
    out.push(formatSymbol(config, symbol, prefix, 'unset'));
  }
  return out.join('');
}

/** Whether a choice member is on and would be without any user. */
function isDefaultMember(config: Configuration, symbol: KSymbol): boolean {
  const { choice } = symbol;
  if (!choice || config.choiceDefault(choice) !== symbol || config.tristate(symbol) !== 2) return false;
  if (config.kconfig.dialect.choices === 'priority') return true;
  return !choice.symbol!.optional && symbol.type === 'bool';
}

/**
 * Symbols that the loaded file says nothing about and that a user could set, as `make listnewconfig` prints them
 * (`conf.c:check_conf`).
 */
export function formatNewSymbols(config: Configuration, prefix = 'CONFIG_'): string {
  const out: string[] = [];
  // conf takes a symbol that is only shown for what is below it for one that the user has answered.
  const answered = new Set<KSymbol>();
  const walk = (node: MenuNode): void => {
    if (!isVisible(config, node, config.kconfig.dialect.shownIsAnswered ? answered : undefined)) return;
    const { symbol } = node;
    if (symbol?.name && !answered.has(symbol) && config.isNew(symbol) && isOpen(config, symbol)) {
      out.push(formatSymbol(config, symbol, prefix, 'n'));
    }
    for (const child of children(node)) walk(child);
  };
  walk(config.kconfig.root);
  return out.join('');
}

/** Whether the user could say something to a symbol; to a choice (old trees) also which member is on. */
function isOpen(config: Configuration, symbol: KSymbol): boolean {
  return config.isChangeable(symbol) || (symbol.isChoice && config.tristate(symbol) === 2);
}

/** One symbol's line (`confdata.c:__print_symbol`); `off` says how an `n` is written. */
export function formatSymbol(config: Configuration, symbol: KSymbol, prefix: string, off: 'unset' | 'n'): string {
  if (symbol.type === 'unknown') return '';
  const value = config.text(symbol);
  if (symbol.type === 'bool' || symbol.type === 'tristate') {
    return value === 'n' && off === 'unset'
      ? `# ${prefix}${symbol.name} is not set\n`
      : `${prefix}${symbol.name}=${value}\n`;
  }
  return `${prefix}${symbol.name}=${symbol.type === 'string' ? quoted(value) : value}\n`;
}

function promptText(node: MenuNode): string {
  return node.prompt?.text ?? node.symbol?.name ?? '';
}

function endsVisibleMenu(config: Configuration, node: MenuNode): boolean {
  return !node.symbol && node.prompt?.kind === 'menu' && isVisible(config, node);
}

/**
 * Whether a menu shows the entry (`menu.c:menu_is_visible`).
 * @param forChildren takes the symbols whose entries are shown only because entries below them are
 */
export function isVisible(config: Configuration, node: MenuNode, forChildren?: Set<KSymbol>): boolean {
  if (!node.prompt) return false;
  if (node.visibility && config.evaluate(node.visibility) === 0) return false;
  if (isPromptVisible(config, node.prompt, node.symbol)) return true;
  const { symbol } = node;
  if (!symbol || config.tristate(symbol) === 0) return false;
  for (const child of children(node)) {
    if (!isVisible(config, child, forChildren)) continue;
    forChildren?.add(symbol);
    return true;
  }
  return false;
}

/** A symbol's only prompt is as visible as it was when the symbol was calculated, even where that is out of date. */
function isPromptVisible(config: Configuration, prompt: Property, symbol: KSymbol | null): boolean {
  const isOnly = symbol?.properties.every((property) => property === prompt || property.text === null);
  if (isOnly) return config.visibility(symbol!) !== 0;
  return (symbol ? config.promptVisibility(symbol, prompt) : config.evaluate(prompt.visible)) !== 0;
}
