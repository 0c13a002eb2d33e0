import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';

const SCHEMA = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);

/** What the schema of SARIF 2.1.0 has to say against a text; nothing where it is one. */
export function sarifErrors(text: string): string[] {
  return validate(JSON.parse(text))
    ? []
    : (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
}
