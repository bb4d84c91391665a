import { fileURLToPath } from 'node:url';
import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { linguiOverrides } from './lingui-overrides.ts';

const serverPaths = ['/api', '/admin', '/static/unfold', '/static/admin', '/media', '/brand.css', '/health'];

// Tests use the extracted texts only, like a build. The development server also shows new ones.
const macroTransform = process.env.VITEST ? { macro: { descriptorFields: 'id-only' as const } } : true;

export default defineConfig({
  base: '/static/app/',
  plugins: [
    linguiOverrides(),
    lingui({ macroTransform, failOnMissing: true, failOnCompileError: true }),
    react(),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  css: { preprocessorOptions: { scss: { quietDeps: true, silenceDeprecations: ['import', 'if-function'] } } },
  build: {
    manifest: true,
    // The page is a Django template that looks up the entry and its CSS in the manifest.
    rolldownOptions: {
      input: 'src/main.tsx',
      // One file for the first page: a dozen chunks are 7 % larger, and the browser discovers them late.
      output: { codeSplitting: { groups: [{ name: 'main', tags: ['$initial'] }] } },
    },
    // The content security policy allows no data: URLs.
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
    testTimeout: 20_000,
  },
});
