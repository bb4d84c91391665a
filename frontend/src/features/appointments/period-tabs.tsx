import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Period } from './my-bookings/list-my-bookings';

export function PeriodTabs({ period }: { period: Period }) {
  const { t } = useLingui();
  return (
    <nav aria-label={t`Upcoming and past appointments`} className="tabs">
      <Tab to="?" current={period === 'upcoming'}>
        <Trans>Upcoming</Trans>
      </Tab>
      <Tab to="?when=past" current={period === 'past'}>
        <Trans>Past and cancelled</Trans>
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
