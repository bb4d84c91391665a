import { Trans } from '@lingui/react/macro';
import { useClinic } from '@/shared/clinic/clinic-context';
import { duration } from '@/shared/ui/labels';

/** Says until when the patient can cancel online. */
export function CancellationPolicy() {
  const notice = useClinic().booking_rules.cancellation_notice_minutes;
  if (notice === 0) return <Trans>You can cancel online at any time before your appointment.</Trans>;
  return (
    <Trans>
      You can cancel online until {duration(notice)} before your appointment. After that, call us.
    </Trans>
  );
}
