import { Trans } from '@lingui/react/macro';
import { fieldLabel } from './field-labels';
import { type Describe, isObject } from './value-text';

/** Technical fields, and fields that another row shows in a readable form. The download has them. */
const HIDDEN = [
  'id',
  'slot',
  'code',
  'session',
  'record',
  'booking',
  'kind',
  'role',
  'time_zone',
  'starts_at',
  'ends_at',
  'local_date',
  'local_time',
  'local_end_time',
  'tz_label',
  'clock_pass',
  'can_cancel',
  'can_reschedule',
  'overbooked',
  'series',
  'colour',
  'currency',
];

interface DataRowsProps {
  data: object;
  describe: Describe;
}

/** Lists all fields of an object of the export. A new field of the API appears without a change here. */
export function DataRows({ data, describe }: DataRowsProps) {
  const fields = Object.entries(data).filter(([name, value]) => !HIDDEN.includes(name) && !isEmpty(value));
  if (fields.length === 0) return <NoEntries />;
  return (
    <dl className="my-data-rows">
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{fieldLabel(name)}</dt>
          <dd>
            <Value name={name} value={value} describe={describe} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function NoEntries() {
  return (
    <p>
      <Trans>No entries</Trans>
    </p>
  );
}

interface ValueProps {
  name: string;
  value: unknown;
  describe: Describe;
}

function Value({ name, value, describe }: ValueProps) {
  if (Array.isArray(value))
    return (
      <ul className="list-unstyled mb-0">
        {value.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <li key={index}>
            <Value name={name} value={item} describe={describe} />
          </li>
        ))}
      </ul>
    );
  const text = describe(name, value);
  return text === null && isObject(value) ? <DataRows data={value} describe={describe} /> : text;
}

const isEmpty = (value: unknown) =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);
