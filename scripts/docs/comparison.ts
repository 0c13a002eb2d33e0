/** The sums of the table in docs/comparison.md, as the README's table and as a chart. */

/** What one way of trimming leaves on all machines of the table. */
interface Way {
  readonly name: string;
  /** Loaded modules that are not built; null where the table does not say. */
  readonly lost: number | null;
  /** Means of all machines. */
  readonly objects: number | null;
  readonly minutes: number;
}

/** @param page docs/comparison.md */
export function ways(page: string): Way[] {
  const lines = page.slice(page.indexOf('<!-- comparison -->')).split('\n');
  const rows = lines
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const [, ...machines] = rows.filter(([name]) => name !== 'all');
  const sum = (column: number): number => machines.reduce((before, row) => before + Number(row[column]), 0);
  const mean = (column: number): number => Math.round(sum(column) / machines.length);
  return [
    { name: 'make localmodconfig', lost: sum(3), objects: mean(5), minutes: mean(6) },
    { name: 'kconfig-trim', lost: sum(7), objects: mean(9), minutes: mean(10) },
    { name: 'kconfig-trim --fast', lost: null, objects: null, minutes: mean(13) },
  ];
}

const counted = (value: number | null): string => (value === null ? '' : value.toLocaleString('en'));

/** The README's table. */
export function totalsTable(page: string): string {
  const rows = ways(page).map(
    ({ name, lost, objects, minutes }) => `| \`${name}\` | ${counted(lost)} | ${counted(objects)} | ${minutes} |\n`,
  );
  return `| | loaded modules lost | objects to build | CPU minutes |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}

/** Pixels. */
const [WIDTH, LEFT, BAR, ROW, GAP] = [640, 170, 400, 26, 22] as const;

/** The chart: three groups of bars. Its colours follow `prefers-color-scheme`. */
export function comparisonChart(page: string): string {
  const all = ways(page);
  const groups = [
    { title: 'loaded modules lost, of all machines', of: ({ lost }: Way) => lost },
    { title: 'objects to build, per machine', of: ({ objects }: Way) => objects },
    { title: 'CPU minutes to build them, per machine', of: ({ minutes }: Way) => minutes },
  ];
  let y = GAP;
  const parts: string[] = [];
  for (const { title, of } of groups) {
    parts.push(`<text class="t b" x="16" y="${y}">${title}</text>`);
    y += 10;
    const shown = all.filter((way) => of(way) !== null);
    const most = Math.max(...shown.map((way) => of(way)!));
    for (const [i, way] of shown.entries()) {
      const width = Math.round((BAR * of(way)!) / most);
      parts.push(
        `<text class="t" x="${LEFT - 10}" y="${y + 17}" text-anchor="end">${way.name}</text>` +
          `<rect class="bar${i === 0 ? ' other' : ''}" x="${LEFT}" y="${y + 4}" width="${Math.max(width, 2)}" height="${ROW - 8}" rx="2"/>` +
          `<text class="t" x="${LEFT + Math.max(width, 2) + 8}" y="${y + 17}">${counted(of(way))}</text>`,
      );
      y += ROW;
    }
    y += GAP;
  }
  const title = all.map(({ name, lost, objects, minutes }) =>
    [
      name,
      ...(lost === null ? [] : [`${lost} lost`]),
      ...(objects === null ? [] : [`${counted(objects)} objects`]),
      `${minutes} minutes`,
    ].join(', '),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">
<title>${title.join('; ')}</title>
<style>
.t{font:13px system-ui,"DejaVu Sans",sans-serif;fill:#1f2328}.b{font-weight:600}
.bar{fill:#1a7f37}.other{fill:#bc4c00}.ground{fill:#f6f8fa}
@media(prefers-color-scheme:dark){.t{fill:#e6edf3}.bar{fill:#3fb950}.other{fill:#db6d28}.ground{fill:#0d1117}}
</style>
<rect class="ground" width="${WIDTH}" height="${y}" rx="8"/>
${parts.join('\n')}
</svg>
`;
}

/** A page with the table of totals behind its `<!-- totals of docs/comparison.md -->`. */
export const withTotals = (text: string, page: string): string =>
  text.replace(
    /(<!-- totals of docs\/comparison\.md -->\n)(?:\|.*\n)*/,
    (_, marker: string) => marker + totalsTable(page),
  );
