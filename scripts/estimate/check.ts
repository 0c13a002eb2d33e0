/**
 * Predicted and measured side by side, on units that are not in the fit, as a table in Markdown:
 *
 *   npm run --silent estimate:check
 *
 * What was measured, and how: data/README.md. test/estimate/fit.test.ts holds the bounds.
 */
import { COST_MODEL } from '../../src/estimate/model-data.ts';
import { EFFECT_RATIOS, variantRatio } from './fit-effects.ts';
import { readUnits, sum } from './measurements.ts';
import { agreement, builtUnits, measuredTotal, ratioAgreement, sampledConfigs } from './validate.ts';

const minutes = (seconds: number): string => (seconds / 60).toFixed(0);
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
const head = (...cells: readonly string[]): string => row(...cells) + row(...cells.map(() => '---'));

const configs = sampledConfigs(COST_MODEL);
const [full] = configs;
let text = head('config', 'units', 'measured', 'predicted, min', 'of measured', 'after/before: measured', 'predicted');
for (const config of configs) {
  const { value, error } = agreement(config);
  const total = measuredTotal(config);
  const fullTotal = measuredTotal(full!);
  const after = total.value / fullTotal.value;
  const isPair = config !== full && config.isFamiliar;
  text += row(
    config.what,
    `${config.sample.length} of ${config.units}`,
    `${minutes(total.value)} ± ${minutes(total.error)} min`,
    minutes(total.value * value),
    `${value.toFixed(2)} ± ${error.toFixed(2)}`,
    isPair ? after.toFixed(3) : '',
    isPair ? (after * ratioAgreement(config, full!).value).toFixed(3) : '',
  );
}
const built = builtUnits(COST_MODEL);
text += `\nA real build, the compiler's part of ${built.units} units: measured ${minutes(built.measured)} min, `;
text += `predicted ${minutes(built.predicted)} min (${(built.predicted / built.measured).toFixed(2)}).\n\n`;

const units = readUnits('effects.csv');
text += head('variant', 'by', 'units', 'ratio in the fit', 'on others');
for (const [variant, base] of Object.values(EFFECT_RATIOS)) {
  const [fit, check] = (['fit', 'holdout'] as const).map((half) => variantRatio(units, variant, base, half));
  const shown = ({ ratio, error }: { ratio: number; error: number }): string =>
    `${ratio.toFixed(2)} ± ${error.toFixed(2)}`;
  text += row(variant, base, String(sum([fit!.units, check!.units])), shown(fit!), shown(check!));
}
process.stdout.write(text);
