import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateXML } from 'xmllint-wasm';
import { REPOSITORY } from './run.ts';

const SCHEMA = readFileSync(join(REPOSITORY, 'fixtures/junit.xsd'), 'utf8');

/** What libxml2 has to say against a text as a JUnit report; nothing where it is one. */
export async function junitErrors(xml: string): Promise<string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'report.xml', contents: xml }],
    schema: [{ fileName: 'junit.xsd', contents: SCHEMA }],
  });
  return errors.map(({ rawMessage }) => rawMessage);
}
