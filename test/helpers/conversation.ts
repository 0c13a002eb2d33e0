import type { KSymbol, MenuNode } from '../../src/kconfig/symbol.ts';
import type { Configuration } from '../../src/values/configuration.ts';

/** `oldaskconfig` asks everything, `oldconfig` only what is new. */
export type ConversationMode = 'oldaskconfig' | 'oldconfig';

/**
 * Asks for values line by line as conf does with standard input in a pipe, and sets what is answered: a user of the
 * engine that reads menus, prompts, ranges and visibilities all the time (`conf.c:conf`, `conf.c:check_conf`).
 * @param lines the answers; behind the last one Enter is pressed for ever
 * @returns what stands on the screen
 */
export function converse(config: Configuration, mode: ConversationMode, lines: readonly string[]): string {
  return new Conversation(config, lines).run(mode);
}

class Conversation {
  readonly #config: Configuration;
  readonly #lines: string[];
  readonly #oldChoices: boolean;
  #mode: ConversationMode = 'oldaskconfig';
  #root: MenuNode;
  #indent = 1;
  #asked = 0;
  #out = '';

  constructor(config: Configuration, lines: readonly string[]) {
    this.#config = config;
    this.#lines = [...lines];
    this.#oldChoices = config.kconfig.dialect.choices === 'symbol';
    this.#root = config.kconfig.root;
  }

  run(mode: ConversationMode): string {
    const { root } = this.#config.kconfig;
    if (mode === 'oldaskconfig') this.#entry(root);
    this.#mode = 'oldconfig';
    do {
      this.#asked = 0;
      this.#askNew(root);
    } while (this.#asked > 0);
    return this.#out;
  }

  #entry(node: MenuNode): void {
    if (!this.#isVisible(node)) return;
    const { prompt, symbol } = node;
    if (prompt && (prompt.kind === 'menu' || prompt.kind === 'comment')) {
      if (prompt.kind === 'menu' && this.#mode === 'oldconfig' && node !== this.#root) {
        this.#askNew(node);
        return;
      }
      const margin = ' '.repeat(this.#indent - 1);
      this.#out += `${margin}*\n${margin}* ${prompt.text}\n${margin}*\n`;
    }
    if (symbol?.isChoice) {
      this.#choice(node, symbol);
      if (!this.#oldChoices || this.#config.tristate(symbol) !== 1) return;
    } else if (symbol) {
      if (symbol.type === 'bool' || symbol.type === 'tristate') this.#tristate(node, symbol);
      else this.#text(node, symbol);
    }
    this.#children(node, symbol ? 2 : 0);
  }

  #children(node: MenuNode, deeper: number): void {
    this.#indent += deeper;
    for (let child = node.list; child; child = child.next) this.#entry(child);
    this.#indent -= deeper;
  }

  #askNew(node: MenuNode): void {
    if (!this.#isVisible(node)) return;
    const config = this.#config;
    const { symbol } = node;
    const open = (it: KSymbol): boolean =>
      config.isChangeable(it) || (this.#oldChoices && it.isChoice && config.tristate(it) === 2);
    if (symbol && config.isNew(symbol) && open(symbol)) {
      if (this.#asked++ === 0) this.#out += '*\n* Restart config...\n*\n';
      this.#root = menuAround(node);
      this.#entry(this.#root);
    }
    for (let child = node.list; child; child = child.next) this.#askNew(child);
  }

  /** Whether something can be answered; null where the shown value stands. */
  #ask(symbol: KSymbol, shown: string): string | null {
    const known = !this.#config.isNew(symbol);
    if (!known) this.#out += '(NEW) ';
    if (!this.#config.isChangeable(symbol) || (known && this.#mode === 'oldconfig')) {
      this.#out += `${shown}\n`;
      return null;
    }
    return this.#read();
  }

  #read(): string {
    const line = this.#lines.shift() ?? '';
    this.#out += `${line}\n`;
    return line;
  }

  #text(node: MenuNode, symbol: KSymbol): void {
    const config = this.#config;
    const shown = config.text(symbol);
    this.#out += `${' '.repeat(this.#indent - 1)}${node.prompt!.text} (${symbol.name}) [${shown}] `;
    const line = this.#ask(symbol, shown);
    if (line === null) return;
    config.setQuietly(symbol, line === '' ? shown : line);
    config.invalidateAll();
  }

  #tristate(node: MenuNode, symbol: KSymbol): void {
    const config = this.#config;
    const now = config.tristate(symbol);
    const others = ([0, 1, 2] as const).filter((value) => value !== now && this.#allows(symbol, value));
    const choices = ['NMY'[now]!, ...others.map((value) => 'nmy'[value]!)].join('/');
    const name = symbol.name === null ? '' : `(${symbol.name}) `;
    this.#out += `${' '.repeat(this.#indent - 1)}${node.prompt!.text} ${name}[${choices}/?] `;
    const line = this.#ask(symbol, config.text(symbol));
    if (line === null) return;
    const value = line === '' ? now : ('nmy'.indexOf(line) as 0 | 1 | 2);
    config.setQuietly(symbol, value);
    if (value !== now) config.invalidateAll();
  }

  /** `symbol.c:sym_tristate_within_range`. */
  #allows(symbol: KSymbol, value: 0 | 1 | 2): boolean {
    const config = this.#config;
    if (config.effectiveType(symbol) === 'bool' && value === 1) return false;
    const [visible, least] = [config.visibility(symbol), config.reverseDependency(symbol)];
    return visible > least && value >= least && value <= visible;
  }

  #choice(node: MenuNode, choice: KSymbol): void {
    const config = this.#config;
    const margin = ' '.repeat(this.#indent - 1);
    let isNew = this.#oldChoices && config.isNew(choice);
    if (this.#oldChoices) {
      const changeable = config.isChangeable(choice);
      if (changeable) this.#tristate(node, choice);
      const value = config.tristate(choice);
      if (value === 1 && !changeable) this.#out += `${margin}${node.prompt!.text}\n`;
      if (value !== 2) return;
    }
    this.#out += `${margin}${node.prompt!.text}\n`;
    const members: MenuNode[] = [];
    let chosen = 0;
    for (let child = node.list; child; child = child.next) {
      if (!child.symbol || !this.#isVisible(child)) continue;
      const mark = config.tristate(child.symbol) === 2 ? '>' : ' ';
      if (mark === '>') chosen = members.length;
      const fresh = config.hasUserValue(child.symbol) ? '' : ' (NEW)';
      if (fresh !== '' && !this.#oldChoices) isNew = true;
      members.push(child);
      this.#out += `${margin}${mark} ${members.length}. ${child.prompt!.text} (${child.symbol.name})${fresh}\n`;
    }
    this.#out += `${margin}choice`;
    if (members.length === 1) this.#out += '[1]: 1\n';
    else {
      this.#out += `[1-${members.length}?]: `;
      if (this.#mode === 'oldconfig' && !isNew) this.#out += `${chosen + 1}\n`;
      else chosen = Number(this.#read() || chosen + 1) - 1;
    }
    this.#take(node, choice, members[chosen]!.symbol!);
    if (this.#oldChoices) this.#children(members[chosen]!, 2);
  }

  #take(node: MenuNode, choice: KSymbol, member: KSymbol): void {
    const config = this.#config;
    for (let child = node.list; child; child = child.next) {
      const { symbol } = child;
      if (!symbol || config.visibility(symbol) === 0) continue;
      if (!this.#oldChoices) config.setQuietly(symbol, 0);
      else if (!config.hasUserValue(symbol)) config.setQuietly(symbol, 0);
    }
    config.setQuietly(member, 2);
    if (this.#oldChoices && !config.hasUserValue(choice)) config.setQuietly(choice, 0);
    config.preferInChoice(member);
    config.invalidateAll();
  }

  /** `menu.c:menu_is_visible`. */
  #isVisible(node: MenuNode): boolean {
    const config = this.#config;
    const { prompt, symbol } = node;
    if (!prompt || (node.visibility && config.evaluate(node.visibility) === 0)) return false;
    const visible = config.evaluate(prompt.visible);
    const hidden =
      visible === 1 && this.#oldChoices && symbol?.type === 'tristate' && symbol.choice?.symbol
        ? !symbol.isChoice && config.tristate(symbol.choice.symbol) === 2
        : false;
    if (visible !== 0 && !hidden) return true;
    if (!symbol || config.tristate(symbol) === 0) return false;
    for (let child = node.list; child; child = child.next) if (this.#isVisible(child)) return true;
    return false;
  }
}

/** `menu.c:menu_get_parent_menu`: the menu or menuconfig around an entry. */
function menuAround(node: MenuNode): MenuNode {
  let at = node;
  while (at.parent) {
    at = at.parent;
    if (at.prompt?.kind === 'menu') break;
  }
  return at;
}
