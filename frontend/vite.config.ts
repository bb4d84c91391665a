import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { linguiComplete } from './lingui-complete.ts';

const base = '/static/app/';
// Set by `make dev`, which starts Vite's dev server in front of the Django process at this address.
const backend = process.env.BACKEND;
const backendRestart = 30_000;

/** Holds requests while the Django process restarts, instead of answering 502. */
const holdWhileBackendRestarts: Plugin = {
  name: 'hold-while-backend-restarts',
  apply: 'serve',
  configureServer({ middlewares }) {
    middlewares.use(async (request, _response, next) => {
      const deadline = Date.now() + backendRestart;
      while (
        backend &&
        !request.url?.startsWith(base) &&
        !(await accepts(backend)) &&
        Date.now() < deadline
      ) {
        await sleep(100);
      }
      next();
    });
  },
};

function accepts(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

// Tests use the extracted texts only, like a build. The development server also shows new ones.
const macroTransform = process.env.VITEST ? { macro: { descriptorFields: 'id-only' as const } } : true;

const source = (path: string) => fileURLToPath(new URL(path, new URL('./src/', import.meta.url)));

export default defineConfig({
  base,
  plugins: [
    linguiComplete(),
    lingui({ macroTransform, failOnMissing: true, failOnCompileError: true }),
    react(),
    holdWhileBackendRestarts,
  ],
  resolve: {
    alias: [
      { find: /^@\//, replacement: source('./') },
      // Of React Router.
      { find: './ssr/components.js', replacement: source('./app/no-page-prefetching.ts') },
      { find: /^.*\/serverSentEvents\.gen$/, replacement: source('./shared/api/no-event-streams.ts') },
    ],
  },
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
  appType: 'custom',
  server: {
    host: '127.0.0.1',
    strictPort: true,
    cors: false,
    // Django answers every address that is not a module, and sees the clinic's host name in the Host header.
    proxy: backend ? { [`^(?!${base})`]: { target: backend, changeOrigin: false } } : {},
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
      // Of everything. The portal's screens are tested in a browser too (tests/e2e), which is not measured.
      thresholds: {
        statements: 65,
        branches: 56,
        functions: 63,
        lines: 67,
        'src/{app/*,app/layout/*,features/!(portal-*)/**,shared/!(staff)/**}': {
          statements: 93,
          branches: 85,
          functions: 94,
          lines: 95,
        },
      },
    },
  },
});
