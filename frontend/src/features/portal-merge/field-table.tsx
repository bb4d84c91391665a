import { Trans, useLingui } from '@lingui/react/macro';
import type { MergePreview, TakeEnum } from '@/gen/types.gen';
import { plainDate } from '@/shared/times/format';

interface FieldTableProps {
  preview: MergePreview;
  /** The fields for which the other record's value is used. */
  take: TakeEnum[];
  choose: (field: TakeEnum, fromOther: boolean) => void;
}

/** The fields of both records. Where they differ, one of the two values is chosen. */
export function FieldTable({ preview, take, choose }: FieldTableProps) {
  const { t } = useLingui();
  const fields = useFields();
  const { survivor, merged } = preview;
  return (
    <table className="merge-table">
      <caption className="visually-hidden">
        <Trans>Both records side by side</Trans>
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">
            <Trans>Record that you keep</Trans>
          </th>
          <th scope="col">
            <Trans>Other record</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {fields
          .filter(({ name }) => survivor[name] || merged[name])
          .map(({ name, label }) => {
            const differs = preview.differing.includes(name);
            return (
              <tr key={name} className={differs ? 'merge-differs' : undefined}>
                <th scope="row">
                  {label}
                  {differs && (
                    <span className="merge-mark">
                      <Trans>different</Trans>
                    </span>
                  )}
                </th>
                {[survivor, merged].map((record, index) => {
                  const value = shownValue(record, name);
                  const side = index === 0 ? t`Record that you keep` : t`Other record`;
                  return (
                    <td key={side} data-side={side}>
                      {differs ? (
                        <label className="merge-choice">
                          <input
                            type="radio"
                            name={name}
                            checked={take.includes(name) === (index === 1)}
                            onChange={() => choose(name, index === 1)}
                          />
                          <span>{value}</span>
                        </label>
                      ) : (
                        value || <Empty />
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        <Clinical preview={preview} />
      </tbody>
    </table>
  );
}

const Empty = () => (
  <span className="text-body-secondary">
    <Trans>Not given</Trans>
  </span>
);

/** Clinical texts, which are combined so that no warning is lost. */
function Clinical({ preview }: { preview: MergePreview }) {
  const { t } = useLingui();
  const { survivor, merged } = preview;
  const rows = [
    { label: t`Allergies`, values: [survivor.allergies, merged.allergies] },
    { label: t`Medical conditions`, values: [survivor.conditions, merged.conditions] },
    { label: t`Medication`, values: [survivor.medication, merged.medication] },
  ];
  return rows
    .filter(({ values }) => values.some(Boolean))
    .map(({ label, values }) => (
      <tr key={label}>
        <th scope="row">
          {label}
          <span className="merge-mark">
            <Trans>combined</Trans>
          </span>
        </th>
        <td data-side={t`Record that you keep`}>{values[0] || <Empty />}</td>
        <td data-side={t`Other record`}>{values[1] || <Empty />}</td>
      </tr>
    ));
}

type Record = MergePreview['survivor'];

function shownValue(record: Record, name: TakeEnum): string {
  if (name === 'phone') return record.phone_display || record.phone || '';
  if (name === 'emergency_contact_phone') return record.emergency_contact_phone_display || '';
  if (name === 'date_of_birth') return record.date_of_birth ? plainDate(record.date_of_birth) : '';
  return record[name] ?? '';
}

function useFields(): { name: TakeEnum; label: string }[] {
  const { t } = useLingui();
  return [
    { name: 'first_name', label: t`First name` },
    { name: 'last_name', label: t`Last name` },
    { name: 'date_of_birth', label: t`Date of birth` },
    { name: 'phone', label: t`Phone number` },
    { name: 'address', label: t`Address` },
    { name: 'time_zone', label: t`Time zone` },
    { name: 'emergency_contact_name', label: t`Emergency contact` },
    { name: 'emergency_contact_phone', label: t`Their phone number` },
    { name: 'insurance_provider', label: t`Insurance company` },
    { name: 'insurance_number', label: t`Policy number` },
  ];
}
