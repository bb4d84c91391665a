import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';

interface Chunk {
  file: string;
  imports?: string[];
}

const DIST = 'dist';
/**
 * The modules of the pages on the way to a booking, and how many bytes each may load. The aim is 100 kB for all; those
 * that miss it must not grow.
 */
const PAGES = [
  ['home/home-page', 97_000],
  ['find-a-time/doctors-page', 101_000],
  ['find-a-time/doctor-page', 106_000],
  ['find-a-time/first-available-page', 106_500],
  ['booking/details-page', 110_500],
  ['booking/code-page', 107_500],
  ['booking/check-page', 107_000],
  ['appointments/appointment-page', 106_500],
] as const;

/** The size of the files of the last `npm run build` that a page loads: its module, its texts and what they import. */
function sizeOf(page: string): number {
  const chunks: Record<string, Chunk> = JSON.parse(readFileSync(`${DIST}/.vite/manifest.json`, 'utf8'));
  const feature = page.split('/')[0];
  const names = new Set([
    'src/main.tsx',
    `src/features/${page}.tsx`,
    `src/features/${feature}/locales/en-GB.po`,
  ]);
  for (const name of names) for (const imported of chunks[name]?.imports ?? []) names.add(imported);
  const files = new Set([...names].map((name) => chunks[name]?.file ?? `no ${name}`));
  const sizes = [...files].map((file) => brotliCompressSync(readFileSync(`${DIST}/${file}`)).length);
  return sizes.reduce((sum, size) => sum + size, 0);
}

test.each(PAGES)('the page %s loads at most %i bytes of JavaScript', (page, limit) => {
  expect(sizeOf(page)).toBeLessThanOrEqual(limit);
});
