import { StrictMode } from 'react';
import { activateLocale } from '@/shared/locale/locale';
import { App } from './app/app';
import { noteMissingFile } from './app/failures/missing-files';
import { createQueryClient } from './app/query-client';
import { takeOver } from './app/take-over';
import { readBootData } from './shared/clinic/boot-data';
import { saveDraft } from './shared/session/draft';
import { adoptSession, syncWithOtherTabs } from './shared/session/session';
import './styles/main.scss';

window.addEventListener('vite:preloadError', noteMissingFile);

window.addEventListener('storage', ({ key }) => syncWithOtherTabs(key));
// A page restored from the back-forward cache has missed all storage events.
window.addEventListener('pageshow', ({ persisted }) => persisted && syncWithOtherTabs(null));

const queries = createQueryClient();
const { clinic, user, drafts = {} } = readBootData(queries);
if (user) adoptSession(user);
for (const name in drafts) saveDraft(name, drafts[name] ?? {});

activateLocale(clinic?.locale).then(() =>
  takeOver(
    <StrictMode>
      <App queries={queries} />
    </StrictMode>,
  ),
);
