#!/usr/bin/env node
// Plain enough for the parser of an old Node, so that it is this message that an old Node prints.
var found = process.versions.node.split('.').map(Number);
if (found[0] < 18 || (found[0] === 18 && found[1] < 19)) {
  process.stderr.write(
    'kconfig-trim needs Node.js 18.19 or newer; this is ' +
      process.versions.node +
      '.\nDistributions also package newer versions of Node.js; see https://nodejs.org/en/download\n',
  );
  process.exitCode = 2;
} else {
  import('../dist/cli.js');
}
