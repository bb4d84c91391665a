import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { activateLocale } from '@/shared/locale/locale';
import { App } from './app/app';
import { createQueryClient } from './app/query-client';
import { readBootData } from './shared/clinic/boot-data';
import { syncWithOtherTabs } from './shared/session/session';
import './styles/main.scss';

activateLocale('en-GB');

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
