import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { When } from './list-my-bookings';

export function WhenTabs({ when }: { when: When }) {
  const { t } = useLingui();
  return (
    <nav aria-label={t`Which appointments`} className="tabs">
      <Tab to="?" current={when === 'upcoming'}>
        <Trans>Upcoming</Trans>
      </Tab>
      <Tab to="?when=past" current={when === 'past'}>
        <Trans>Past</Trans>
      </Tab>
    </nav>
  );
}

function Tab({ to, current, children }: { to: string; current: boolean; children: ReactNode }) {
  return (
    <Link to={to} className="tab" aria-current={current ? 'page' : undefined}>
      {children}
    </Link>
  );
}
