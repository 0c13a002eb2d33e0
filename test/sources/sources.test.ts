import { describe, expect, it } from 'vitest';
import { Sources } from '../../src/sources/sources.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const FILES = {
  '/t/a/plain.c': '// one\n#include <linux/module.h>\n  #include "not-at-the-start.h"\n# include\t"own.h"\n',
  '/t/a/many.c': '#include "part.c"\n#include "missing.c"\n#include "own.h"\n',
  '/t/a/part.c': 'x'.repeat(1000),
  '/t/a/trace.c': '#define CREATE_TRACE_POINTS\n#include "trace.h"\n',
  '/t/a/notrace.c': '#define CREATE_TRACE_POINTS_LATER\n/* #define CREATE_TRACE_POINTS */\n',
  '/t/a/entry.S': '#include <linux/linkage.h>\n',
  '/t/a/lib.rs': '//! text\n',
  '/t/a/long.c': `${' '.repeat(5000)}\n#include "late.h"\n`,
};

describe('Sources', () => {
  const sources = new Sources(memoryFs(FILES), '/t');

  it('counts includes at the start of a line', () => {
    expect(sources.of('a/plain.o')).toMatchObject({
      kind: 'c',
      bytes: FILES['/t/a/plain.c'].length,
      includes: 2,
      tracePoints: false,
    });
  });

  it('adds the sources that a source includes', () => {
    expect(sources.of('a/many.o')).toMatchObject({ bytes: FILES['/t/a/many.c'].length + 1000, includes: 3 });
  });

  it('sees trace points, and only these', () => {
    expect(sources.of('a/trace.o').tracePoints).toBe(true);
    expect(sources.of('a/notrace.o').tracePoints).toBe(false);
  });

  it('finds assembly and Rust, and takes sources as well as objects', () => {
    expect(sources.of('a/entry.o').kind).toBe('assembly');
    expect(sources.of('a/lib.o').kind).toBe('rust');
    expect(sources.of('a/plain.c')).toEqual(sources.of('a/plain.o'));
  });

  it('knows the size of a file whose head alone is read', () => {
    expect(sources.of('a/long.o')).toMatchObject({ bytes: FILES['/t/a/long.c'].length, includes: 0 });
  });

  it('says so where there is no source, or no tree', () => {
    expect(sources.of('a/generated.o').bytes).toBe(-1);
    expect(new Sources(null, '/t').of('a/plain.o').bytes).toBe(-1);
  });
});
