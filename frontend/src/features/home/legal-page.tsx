import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import { fullDate } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { type LegalKind, legalPageQuery } from './get-legal-page';
import '@/styles/home.scss';
import { WrittenText } from './written-text';

/** The privacy notice, the accessibility statement or the terms of use: the last part of the URL says which. */
export function LegalPage() {
  const kind = useLocation().pathname.slice(1) as LegalKind;
  return (
    <QueryView page query={useQuery(legalPageQuery(kind))}>
      {({ title, html, changed_on }) => (
        <article className="legal narrow">
          <PageHeading title={title} />
          {changed_on && (
            <p className="text-body-secondary">
              <Trans>Last changed on {fullDate(changed_on)}.</Trans>
            </p>
          )}
          <WrittenText html={html} />
        </article>
      )}
    </QueryView>
  );
}
