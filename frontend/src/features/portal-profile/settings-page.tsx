import { useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import { Icon, type IconName } from '@/shared/staff/icon';
import { useStaff } from '@/shared/staff/staff-context';
import { PageHeading } from '@/shared/ui/page-heading';

type Setting = [to: string, icon: IconName, title: string, text: string];

/** The settings of a member of staff: messages, calendars and the account. */
export function SettingsPage() {
  const { t } = useLingui();
  const { role, email } = useStaff();
  const isDoctor = role === 'doctor';
  const settings: Setting[] = [
    ['notices', 'message', t`Emails about appointments`, t`Which changes we email you about, and when.`],
    ...(isDoctor
      ? ([
          [
            'calendar-links',
            'link',
            t`Calendar links`,
            t`Show your appointments in the calendar on your phone or computer.`,
          ],
          [
            '/portal/outside-calendars',
            'calendar',
            t`Outside calendars`,
            t`Block times when you are busy in another calendar.`,
          ],
        ] satisfies Setting[])
      : []),
    ['email', 'person', t`Email address`, email],
    ['password', 'settings', t`Password`, t`A new password signs you out on your other devices.`],
    ['second-step', 'check', t`Two-step sign-in`, t`A code from an app in addition to your password.`],
    ['devices', 'list', t`Your signed-in devices`, t`See where you are signed in, and sign out there.`],
  ];
  return (
    <div className="portal-narrow">
      <PageHeading title={t`Settings`} />
      <ul className="settings-list portal-card">
        {settings.map(([to, icon, title, text]) => (
          <li key={to}>
            <Icon name={icon} />
            <div>
              <Link to={to.startsWith('/') ? to : `/portal/settings/${to}`}>{title}</Link>
              <p>{text}</p>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
