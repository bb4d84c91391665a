import { i18n } from '@lingui/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { createQueryClient } from './app/query-client';
import { messages } from './locales/en.po';
import { readBootData } from './shared/clinic/boot-data';
import { followOtherTabs } from './shared/session/session';
import './styles/main.scss';

i18n.loadAndActivate({ locale: 'en', messages });

// After a new release the pages of the old one are gone from the server: load the new one.
window.addEventListener('vite:preloadError', () => window.location.reload());

window.addEventListener('storage', ({ key }) => followOtherTabs(key));
// A page taken out of the back-forward cache has heard of nothing meanwhile.
window.addEventListener('pageshow', ({ persisted }) => persisted && followOtherTabs(null));

const queries = createQueryClient();
readBootData(queries);

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');
createRoot(root).render(
  <StrictMode>
    <App queries={queries} />
  </StrictMode>,
);
