import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g;

/** The folders of src/ and the folders that each of them imports from. */
function folderImports(): Map<string, Set<string>> {
  const imports = new Map<string, Set<string>>();
  for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file) || file.startsWith('gen')) continue;
    const folder = dirname(file);
    const targets = imports.get(folder) ?? new Set();
    imports.set(folder, targets);
    for (const [, path = ''] of readFileSync(join('src', file), 'utf8').matchAll(IMPORT)) {
      if (path.startsWith('@/gen')) continue;
      if (path.startsWith('@/')) targets.add(dirname(path.slice(2)));
      else if (path.startsWith('.')) targets.add(dirname(normalize(join(folder, path))));
    }
    targets.delete(folder);
  }
  return imports;
}

test('no two folders import from each other', () => {
  const imports = folderImports();
  const pairs = [...imports].flatMap(([folder, targets]) => [...targets].map((target) => [folder, target]));

  const bothWays = pairs.filter(([from = '', to = '']) => from < to && imports.get(to)?.has(from));

  expect(pairs.length).toBeGreaterThan(50);
  expect(bothWays).toEqual([]);
});
