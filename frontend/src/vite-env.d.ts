/// <reference types="vite/client" />

declare module '*.po?complete' {
  import type { Messages } from '@lingui/core';

  export const messages: Messages;
}

declare module '*.po' {
  import type { Messages } from '@lingui/core';

  export const messages: Messages;
}
