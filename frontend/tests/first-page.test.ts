import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
}

const DIST = 'dist';

/** The entry chunk of the last `npm run build` and its static imports. */
function firstPageFiles(): string[] {
  const chunks: Record<string, Chunk> = JSON.parse(readFileSync(`${DIST}/.vite/manifest.json`, 'utf8'));
  const names = new Set(Object.keys(chunks).filter((name) => chunks[name]?.isEntry));
  for (const name of names) for (const imported of chunks[name]?.imports ?? []) names.add(imported);
  return [...names].flatMap((name) => chunks[name]?.file ?? []);
}

test('the first page loads at most 100 kB of JavaScript', () => {
  const sizes = firstPageFiles().map((file) => brotliCompressSync(readFileSync(`${DIST}/${file}`)).length);

  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(100_000);
});
