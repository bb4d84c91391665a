import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import { withQuery } from '@/shared/paths/with-query';
import { Icon } from '@/shared/staff/icon';
import { useStaff } from '@/shared/staff/staff-context';

/** A link to the form that blocks part of the day that is shown. Doctors block their own time, admins everybody's. */
export function BlockLink({ date, doctor }: { date: string; doctor: string | undefined }) {
  const { role } = useStaff();
  if (role === 'receptionist') return null;
  return (
    <Link
      className="btn btn-outline-primary calendar-block"
      to={withQuery('/portal/time-off/new', { part: '1', from: date, doctor })}
    >
      <Icon name="away" />
      <Trans>Block time</Trans>
    </Link>
  );
}
