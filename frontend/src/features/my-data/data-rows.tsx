import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';

/** What only programs need, or what stands there again in the clinic's own time: the file has it. */
const ONLY_IN_THE_FILE = [
  'id',
  'slot',
  'code',
  'session',
  'record',
  'booking',
  'kind',
  'can_cancel',
  'time_zone',
  'starts_at',
  'ends_at',
];

/** Whatever an object of the export holds, name by name: what is added to it is shown without a change here. */
export function DataRows({ of }: { of: object }) {
  const known = Object.entries(of).filter(
    ([name, value]) => !isNothing(value) && !ONLY_IN_THE_FILE.includes(name),
  );
  return (
    <dl className="my-data-rows">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{nameOf(name)}</dt>
          <dd>
            <Value of={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ of }: { of: unknown }) {
  if (Array.isArray(of))
    return (
      <ul className="list-unstyled mb-0">
        {of.map((each, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <li key={place}>
            <Value of={each} />
          </li>
        ))}
      </ul>
    );
  if (of !== null && typeof of === 'object') return <DataRows of={of} />;
  if (typeof of === 'boolean') return of ? <Trans>yes</Trans> : <Trans>no</Trans>;
  return inWords(String(of));
}

/** A code, such as signed_in, as the words it is made of; an instant as people read one; other text as it is. */
const inWords = (text: string) => (/^[a-z]+(_[a-z]+)+$/.test(text) ? text.replaceAll('_', ' ') : inUtc(text));

/** An instant as people read one; any other text as it is. */
export const inUtc = (text: string) =>
  text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:[\d.]+)?Z$/, '$1, $2 UTC');

const isNothing = (value: unknown) =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** The names that people meet in the app in its words; all others as the file has them, spelled out. */
function nameOf(name: string): string {
  const known: Record<string, string> = {
    first_name: t`First name`,
    last_name: t`Last name`,
    email: t`E-mail address`,
    phone: t`Phone number`,
    date_of_birth: t`Date of birth`,
    address: t`Address`,
    allergies: t`Allergies`,
    conditions: t`Conditions`,
    medication: t`Medication`,
    emergency_contact_name: t`Emergency contact`,
    emergency_contact_phone: t`Emergency contact’s phone number`,
    insurance_provider: t`Insurance company`,
    insurance_number: t`Insurance number`,
    reason: t`Reason`,
    status: t`Status`,
    doctor: t`Doctor`,
    patient: t`For`,
    local_date: t`Day`,
    local_time: t`Starts`,
    local_end_time: t`Ends`,
    tz_label: t`Times are`,
    history: t`What happened`,
    created_at: t`Made`,
    cancelled_at: t`Cancelled`,
  };
  return known[name] ?? name.replaceAll('_', ' ');
}
