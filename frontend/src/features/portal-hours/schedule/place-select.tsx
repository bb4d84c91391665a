import { Trans, useLingui } from '@lingui/react/macro';
import type { Place } from '@/gen';

interface PlaceSelectProps {
  places: Place[];
  /** The id of a place; empty for the clinic's own address. */
  value: string;
  change: (place: string) => void;
}

/** The place of some hours. Not shown in clinics with a single address. */
export function PlaceSelect({ places, value, change }: PlaceSelectProps) {
  const { t } = useLingui();
  if (places.length === 0) return null;
  return (
    <label>
      <span>
        <Trans>Place</Trans>
      </span>
      <select className="form-select" value={value} onChange={(event) => change(event.target.value)}>
        <option value="">{t`The clinic’s own address`}</option>
        {places.map((place) => (
          <option key={place.id} value={place.id}>
            {place.name}
          </option>
        ))}
      </select>
    </label>
  );
}
