import { Trans, useLingui } from '@lingui/react/macro';
import type { Place } from '@/gen';
import { shortDate } from '@/shared/times/format';
import { PlaceSelect } from '../schedule/place-select';
import { fieldId, type Interval, type Weeks } from './week';

interface IntervalOptionsProps {
  row: Interval;
  name: string;
  places: Place[];
  edit: (row: Interval) => void;
  error?: string;
}

/** Place, alternating weeks and validity, below a line that sums them up. */
export function IntervalOptions({ row, name, places, edit, error }: IntervalOptionsProps) {
  const { t } = useLingui();
  const summary = useSummary(row, places);
  return (
    <details className="hours-options" open={error ? true : undefined}>
      <summary aria-label={t`${name}: place, weeks and dates. ${summary}`}>{summary}</summary>
      <div className="hours-options-fields">
        <PlaceSelect places={places} value={row.place} change={(place) => edit({ ...row, place })} />
        <label>
          <span>
            <Trans>Weeks</Trans>
          </span>
          <select
            className="form-select"
            value={row.weeks}
            onChange={(event) => edit({ ...row, weeks: event.target.value as Weeks })}
          >
            <option value="every">{t`Every week`}</option>
            <option value="A">{t`A weeks`}</option>
            <option value="B">{t`B weeks`}</option>
          </select>
        </label>
        <DateInput
          id={fieldId(row.id, 'validFrom')}
          label={t`First day`}
          value={row.validFrom}
          change={(validFrom) => edit({ ...row, validFrom })}
        />
        <DateInput
          id={fieldId(row.id, 'validUntil')}
          label={t`Last day`}
          value={row.validUntil}
          change={(validUntil) => edit({ ...row, validUntil })}
          invalid={Boolean(error)}
        />
      </div>
    </details>
  );
}

interface DateInputProps {
  id: string;
  label: string;
  value: string;
  change: (value: string) => void;
  invalid?: boolean;
}

function DateInput({ id, label, value, change, invalid }: DateInputProps) {
  return (
    <label htmlFor={id}>
      <span>{label}</span>
      <input
        id={id}
        type="date"
        className="form-control"
        aria-invalid={invalid || undefined}
        value={value}
        onChange={(event) => change(event.target.value)}
      />
    </label>
  );
}

function useSummary(row: Interval, places: Place[]): string {
  const { t } = useLingui();
  const place = places.find(({ id }) => id === row.place)?.name;
  const weeks = { every: t`Every week`, A: t`A weeks`, B: t`B weeks` }[row.weeks];
  const from = row.validFrom && t`from ${shortDate(row.validFrom)}`;
  const until = row.validUntil && t`until ${shortDate(row.validUntil)}`;
  return [place, weeks, from, until].filter(Boolean).join(', ');
}
