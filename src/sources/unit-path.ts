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
