/**
 * A unit's path with `..` worked out: Kbuild files may name objects beside their own directory
 * (`drivers/gpu/drm/amd/amdgpu/../display/dc/dc.o`).
 */
export function plainPath(path: string): string {
  if (!path.includes('/.') && !path.startsWith('./')) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** The C file that a unit is made of where it is there; null where it cannot be one. */
export function cSource(unit: string): string | null {
  const path = plainPath(unit);
  if (path.endsWith('.o')) return `${path.slice(0, -2)}.c`;
  return path.endsWith('.S') || path.endsWith('.s') || path.endsWith('.rs') ? null : path;
}
