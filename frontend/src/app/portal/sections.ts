import { useLingui } from '@lingui/react/macro';
import type { IconName } from '@/shared/staff/icon';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';

interface Section {
  to: string;
  icon: IconName;
  label: string;
}

/** Returns the sections of the portal for the user's role. */
export function useSections(): Section[] {
  const { t } = useLingui();
  const staff = useStaff();
  const today: Section = { to: '/portal', icon: 'today', label: t`Today` };
  const calendar: Section = { to: '/portal/calendar', icon: 'calendar', label: t`Calendar` };
  const patients: Section = { to: '/portal/patients', icon: 'people', label: t`Patients` };
  if (isFrontDesk(staff)) {
    return [
      today,
      calendar,
      patients,
      { to: '/portal/waiting-list', icon: 'queue', label: t`Waiting list` },
      { to: '/portal/doctors', icon: 'person', label: t`Doctors` },
      { to: '/portal/absences', icon: 'away', label: t`Absences` },
      { to: '/portal/settings', icon: 'settings', label: t`Settings` },
    ];
  }
  return [
    today,
    calendar,
    patients,
    { to: '/portal/hours', icon: 'clock', label: t`Hours` },
    { to: '/portal/time-off', icon: 'away', label: t`Time off` },
    { to: '/portal/profile', icon: 'profile', label: t`Profile` },
    { to: '/portal/settings', icon: 'settings', label: t`Settings` },
  ];
}
