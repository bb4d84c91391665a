import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useSearchParams } from 'react-router';
import { ApiError } from '@/shared/api/api-error';
import { useChoices } from '@/shared/staff/get-choices';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';
import { ErrorPage } from '@/shared/ui/error-message';
import { QueryView } from '@/shared/ui/query-view';
import { CallerBooking } from './caller-booking';
import { startQuery } from './start';

/** Books an appointment for a caller, on one page. */
export function NewBookingPage() {
  const { t } = useLingui();
  const staff = useStaff();
  const { key } = useLocation();
  const [params] = useSearchParams();
  const choices = useChoices();
  const start = useQuery({ ...startQuery(params), enabled: isFrontDesk(staff) });
  if (!isFrontDesk(staff)) {
    return (
      <ErrorPage
        error={new ApiError(403, 'not_at_the_desk', t`Only front desk staff can book for callers.`)}
      />
    );
  }
  return (
    <QueryView page query={choices}>
      {(loaded) => (
        <QueryView page query={start}>
          {/* The next caller gets a new form: every navigation has another key. */}
          {(from) => <CallerBooking key={key} choices={loaded} start={from} />}
        </QueryView>
      )}
    </QueryView>
  );
}
