import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';

const SCHEMA = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);

interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: { readonly startLine: number };
  };
}

/** A result of a log. */
export interface SarifResult {
  readonly ruleId: string;
  readonly message: { readonly text: string };
  readonly locations?: readonly Location[];
}

export function sarifResults(text: string): readonly SarifResult[] {
  return (JSON.parse(text) as { runs: { results: SarifResult[] }[] }).runs.flatMap(({ results }) => results);
}

/** Where a result is, as GitHub shows it: `FILE:LINE`. It takes no log in which one has no location. */
export function sarifPlace({ locations = [] }: SarifResult): string | null {
  const [first] = locations;
  if (!first) return null;
  const { artifactLocation, region } = first.physicalLocation;
  return `${decodeURIComponent(artifactLocation.uri)}:${region.startLine}`;
}

/** What the schema of SARIF 2.1.0 has to say against a text; nothing where it is one. */
export function sarifErrors(text: string): string[] {
  return validate(JSON.parse(text))
    ? []
    : (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
}
