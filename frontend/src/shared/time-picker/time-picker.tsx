import { Trans } from '@lingui/react/macro';
import { useSearchParams } from 'react-router';
import type { Slot } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { addDays, isDate, todayIn } from '@/shared/times/dates';
import type { Whose } from './doctor-choice';
import { ChooseTime } from './time-form';
import { WeekNav } from './week-nav';

interface TimesSectionProps {
  whose: Whose;
  visitType: string | undefined;
  /** Where to begin looking while the address does not say; today where not given. */
  first?: string;
  goOn: (slot: Slot) => void;
}

/** Times to choose from, a week at a time. */
export function TimesSection({ whose, visitType, first, goOn }: TimesSectionProps) {
  const clinic = useClinic();
  const [params] = useSearchParams();
  const today = todayIn(clinic.time_zone);
  const asked = params.get('from') ?? first ?? null;
  const from = isDate(asked) && asked > today ? asked : today;
  return (
    <section aria-labelledby="times">
      <h2 id="times" className="h4 mb-1">
        <Trans>Choose a time</Trans>
      </h2>
      <p className="text-body-secondary">
        <Trans>All times are {clinic.tz_label}.</Trans>
      </p>
      <WeekNav from={from} today={today} horizon={addDays(today, clinic.booking_rules.horizon_days)} />
      <ChooseTime key={from} whose={whose} from={from} visitType={visitType} goOn={goOn} />
    </section>
  );
}
