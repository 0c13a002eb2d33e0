import type { Facts } from './facts.ts';
import { isName, type MachineFiles, words } from './machine-files.ts';
import type { Ask } from './sources.ts';

/** Protocols with sockets, handlers of packets, kinds of links and of queues. Names of interfaces and addresses are not read. */
export function collectNetwork(files: MachineFiles, ask: Ask, facts: Facts): void {
  for (const [protocol, , sockets = '', , , , , module = ''] of files.rows('/proc/net/protocols')) {
    if (/^\d+$/.test(sockets) && Number(sockets) > 0 && isName(protocol)) {
      facts.note('socket', protocol, ownerOf(module));
    }
  }
  for (const [type = '', ...rest] of files.rows('/proc/net/ptype')) {
    if (!/^(ALL|[0-9a-f]+)$/.test(type) || rest.length === 0) continue;
    // `ALL eth0 packet_rcv [af_packet]`: the interface comes first, and only where the handler is bound to one.
    const handler = (rest.at(-1)!.startsWith('[') ? rest.at(-2) : rest.at(-1)) ?? '';
    if (/^[a-z_][A-Za-z0-9_.]*$/.test(handler)) facts.note('packet', type, handler);
  }
  for (const family of ['ip', 'ip6', 'arp']) {
    for (const name of files.lines(`/proc/net/${family}_tables_names`)) {
      if (/^[a-z]+$/.test(name)) facts.note('table', family, name);
    }
  }
  collectLinks(files, ask, facts);
  collectQueues(files, ask, facts);
}

/** The kernel itself is `-`, as everywhere. */
export function ownerOf(module: string): string {
  return module === 'kernel' ? '-' : module;
}

function collectLinks(files: MachineFiles, ask: Ask, facts: Facts): void {
  const kinds = new Map<string, number>();
  const count = (kind: string | undefined): void => {
    if (isName(kind)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  };
  for (const name of files.directories('/sys/class/net')) {
    const link = `/sys/class/net/${name}`;
    const type = /^(\d+)\n?$/.exec(files.attribute(`${link}/type`))?.[1];
    if (type !== undefined) facts.add('arphrd', [type], 1);
    count(/^DEVTYPE=(.*)$/m.exec(files.attribute(`${link}/uevent`))?.[1]);
    if (files.attribute(`${link}/tun_flags`) !== '') count('tun');
  }
  for (const [kind, number] of kinds) facts.most('link', [kind], number);
  const counts = new Map<string, number>();
  for (const line of ask('links', 'ip', '-d', '-j', 'link')) {
    for (const match of line.matchAll(/"info_(?:slave_)?kind":"([a-z0-9_]+)"/g)) {
      counts.set(match[1]!, (counts.get(match[1]!) ?? 0) + 1);
    }
  }
  for (const [kind, number] of counts) facts.most('link', [kind], number);
}

function collectQueues(files: MachineFiles, ask: Ask, facts: Facts): void {
  const [standard] = words(files.attribute('/proc/sys/net/core/default_qdisc'));
  if (isName(standard)) facts.note('qdisc', standard, 'default');
  for (const line of ask('qdiscs', 'tc', '-j', 'qdisc')) {
    for (const match of line.matchAll(/"kind":"([a-z0-9_]+)"/g)) facts.note('qdisc', match[1]!, 'used');
  }
}
