import { i18n } from '@lingui/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { createQueryClient } from './app/query-client';
import { messages } from './locales/en.po';
import { readBootData } from './shared/clinic/boot-data';
import { syncWithOtherTabs } from './shared/session/session';
import './styles/main.scss';

i18n.loadAndActivate({ locale: 'en', messages });

// After a new release the old page chunks are gone from the server: reload to get the new ones.
window.addEventListener('vite:preloadError', () => window.location.reload());

window.addEventListener('storage', ({ key }) => syncWithOtherTabs(key));
// A page restored from the back-forward cache has missed all storage events.
window.addEventListener('pageshow', ({ persisted }) => persisted && syncWithOtherTabs(null));

const queries = createQueryClient();
readBootData(queries);

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');
createRoot(root).render(
  <StrictMode>
    <App queries={queries} />
  </StrictMode>,
);
