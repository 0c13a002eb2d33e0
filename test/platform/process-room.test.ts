import { it } from 'vitest';
import { requireProcesses } from '../../src/platform/process-room.ts';

// With a limit: test/program/disturbed-run.test.ts.
it('lets a few processes be started where tests can run at all', () => {
  requireProcesses(2);
});
