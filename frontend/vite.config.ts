import { fileURLToPath } from 'node:url';
import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const serverPaths = ['/api', '/admin', '/static/unfold', '/static/admin', '/media', '/brand.css', '/health'];

// In tests as in a build a page has only the texts that were loaded with it. While one writes, also new ones.
const macroTransform = process.env.VITEST ? { macro: { descriptorFields: 'id-only' as const } } : true;

export default defineConfig({
  base: '/static/app/',
  plugins: [lingui({ macroTransform, failOnMissing: true, failOnCompileError: true }), react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  css: { preprocessorOptions: { scss: { quietDeps: true, silenceDeprecations: ['import', 'if-function'] } } },
  build: {
    manifest: true,
    // The page is a Django template: it finds the entry and its CSS in the manifest.
    rolldownOptions: {
      input: 'src/main.tsx',
      // What the first page needs is one file: in a dozen pieces it is 7 % larger, and the browser finds them late.
      output: { codeSplitting: { groups: [{ name: 'main', tags: ['$initial'] }] } },
    },
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      serverPaths.map((path) => [path, { target: 'http://riverside.localhost:8000', changeOrigin: true }]),
    ),
  },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://clinic.test/' } },
    setupFiles: ['tests/setup.ts'],
    include: ['tests/**/*.test.{ts,tsx}'],
    env: { TZ: 'Europe/Paris' },
    maxWorkers: 2,
    testTimeout: 120_000,
    coverage: {
      include: ['src/**/*.{ts,tsx}'],
      exclude: ['src/gen/**', 'src/main.tsx'],
      reporter: ['text-summary'],
      reportsDirectory: '../.venv/coverage/web',
      thresholds: { statements: 94, branches: 86, functions: 95, lines: 95 },
    },
  },
});
