import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { HomePage as HomePageData } from '@/gen';
import { QueryView } from '@/shared/ui/query-view';
import { homePageQuery } from './get-home-page';
import { Hero } from './hero';
import '@/styles/home.scss';
import { Offers } from './offers';
import { Team } from './team';
import { VisitUs } from './visit-us';
import { WrittenText } from './written-text';

/** Who the clinic is. The server's template `clinics/home/content.html` shows the same without JavaScript. */
export function HomePage() {
  const { t } = useLingui();
  return (
    <QueryView page query={useQuery(homePageQuery())} loading={t`Loading…`}>
      {(home) => <Home home={home} />}
    </QueryView>
  );
}

function Home({ home }: { home: HomePageData }) {
  return (
    <div className="home">
      <Hero home={home} />
      {home.urgent_html && (
        <section className="notice notice-danger home-urgent" aria-labelledby="home-urgent">
          <h2 className="h5" id="home-urgent">
            <Trans>If it is urgent</Trans>
          </h2>
          <WrittenText html={home.urgent_html} />
        </section>
      )}
      <Offers home={home} />
      <VisitUs home={home} />
      <Team home={home} />
    </div>
  );
}
