import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Place } from '@/shared/api/types';
import { BookingSteps } from '@/shared/booking-steps/booking-steps';
import { SummaryList } from '@/shared/ui/summary-list';
import type { PlannedBooking } from './slot-page';
import { SlotRows } from './slot-rows';

interface StepLayoutProps {
  /** The number of the step. */
  current: 2 | 3;
  /** The page of the step before. */
  back: string;
  plan: PlannedBooking;
  /** The place of the appointment, once it is loaded. */
  place?: Place | null | undefined;
  /** Heading, errors and the hold. */
  head: ReactNode;
  children: ReactNode;
}

/** A step after the time is chosen. The appointment's summary is beside it, or above it on narrow screens. */
export function StepLayout({ current, back, plan, place, head, children }: StepLayoutProps) {
  const { t } = useLingui();
  return (
    <>
      <Link to={back} className="back-link">
        <span aria-hidden="true" className="arrow-start" /> <Trans>Back</Trans>
      </Link>
      <BookingSteps current={current} />
      <div className="beside">
        <div className="beside-head">{head}</div>
        <section className="beside-side" aria-labelledby="summary">
          <h2 id="summary" className="h5 beside-title">{t`Your appointment`}</h2>
          <SummaryList>
            <SlotRows plan={plan} {...(place !== undefined && { place })} />
          </SummaryList>
        </section>
        <div className="beside-main">{children}</div>
      </div>
    </>
  );
}
