import { Trans, useLingui } from '@lingui/react/macro';
import type { UseFormReturn } from 'react-hook-form';
import { useClinic } from '@/shared/clinic/clinic-context';
import { SelectField } from '@/shared/forms/field';
import type { ProfileForm } from './profile-form';

/** The patient's own time zone, in which reminders avoid the night. Empty: that of the clinic. */
export function TimeZoneField({ form }: { form: UseFormReturn<ProfileForm> }) {
  const { t } = useLingui();
  const clinic = useClinic();
  const saved = form.formState.defaultValues?.time_zone;
  const device = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <SelectField
      form={form}
      name="time_zone"
      label={t`Your time zone`}
      hint={t`We send you no reminders at night. Times of appointments are always those of the clinic.`}
    >
      <option value="">{t`The same as the clinic (${clinic.tz_label})`}</option>
      {regions([saved, device]).map(([region, zones]) => (
        <optgroup key={region} label={region}>
          {zones.map((zone) => (
            <option key={zone} value={zone}>
              {zone === device ? <Trans>{cityOf(zone)} (this device)</Trans> : cityOf(zone)}
            </option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  );
}

/** "Argentina, Buenos Aires" for America/Argentina/Buenos_Aires. */
const cityOf = (zone: string) => zone.split('/').slice(1).join(', ').replaceAll('_', ' ') || zone;

/** Returns the time zones of the browser, and these, by their region: ["Europe", ["Europe/London", …]]. */
function regions(others: (string | undefined)[]): [string, string[]][] {
  const found = new Map<string, string[]>();
  const names = new Set([...Intl.supportedValuesOf('timeZone'), ...others.filter((name) => name)]);
  for (const name of [...names].sort() as string[]) {
    const region = name.split('/')[0] ?? name;
    found.set(region, [...(found.get(region) ?? []), name]);
  }
  return [...found];
}
