import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { ApiError } from '@/shared/api/api-error';
import type { Choices } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { useChoices } from '@/shared/staff/get-choices';
import { Icon } from '@/shared/staff/icon';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';
import { useDebounced } from '@/shared/staff/use-debounced';
import { ErrorPage } from '@/shared/ui/error-message';
import { PageHeading } from '@/shared/ui/page-heading';
import { Pager } from '@/shared/ui/pager';
import { QueryView } from '@/shared/ui/query-view';
import { Select } from '../select';
import { AddEntry } from './add-entry';
import { Entry } from './entry';
import { WAITLIST_PAGE, type WaitlistFilters, waitlistQuery } from './portal-waitlist';

/** The waiting list. Each entry shows why its patient was not offered a time, and the next actions. */
export function WaitingListPage() {
  const { t } = useLingui();
  const staff = useStaff();
  const choices = useChoices();
  if (!isFrontDesk(staff)) {
    return (
      <ErrorPage error={new ApiError(403, 'not_at_the_desk', t`Only front desk staff can see this list.`)} />
    );
  }
  return (
    <QueryView page query={choices}>
      {(loaded) => <WaitingList choices={loaded} />}
    </QueryView>
  );
}

function WaitingList({ choices }: { choices: Choices }) {
  const { t } = useLingui();
  const [params, setParams] = useSearchParams();
  const [filters, setFilters] = useState<Omit<WaitlistFilters, 'page' | 'q'>>({});
  const [text, setText] = useState('');
  const q = useDebounced(text.trim(), 200);
  const page = Number(params.get('page')) || 1;
  const entries = useQuery(waitlistQuery({ ...filters, ...(q && { q }), page }));
  const adds = params.get('add') !== null;
  const hasClosed = useRef(false);
  return (
    <div>
      <div className="page-top">
        <PageHeading title={t`Waiting list`} />
        {!adds && (
          <button
            // The form that closed had the focus.
            ref={(button) => {
              if (button && hasClosed.current) button.focus();
              hasClosed.current = false;
            }}
            type="button"
            className="btn btn-primary"
            onClick={() => setParams({ add: '1' })}
          >
            <Icon name="plus" />
            <Trans>Add a caller</Trans>
          </button>
        )}
      </div>
      {adds && (
        <AddEntry
          choices={choices}
          params={params}
          close={() => {
            hasClosed.current = true;
            setParams({});
          }}
        />
      )}
      <Filters
        choices={choices}
        filters={filters}
        text={text}
        onText={setText}
        onChange={(changes) => {
          setFilters((before) => ({ ...before, ...changes }));
          if (page > 1) setParams({});
        }}
      />
      <QueryView query={entries} loading={t`Loading the waiting list…`}>
        {(listed) => (
          <>
            <p role="status" className="waiting-count">
              {t`${plural(listed.count, { one: '# entry', other: '# entries' })}`}
            </p>
            <ul className="waiting-entries">
              {listed.results.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </ul>
            <Pager page={listed} size={WAITLIST_PAGE} />
          </>
        )}
      </QueryView>
    </div>
  );
}

interface FiltersProps {
  choices: Choices;
  filters: Omit<WaitlistFilters, 'page' | 'q'>;
  text: string;
  onText: (text: string) => void;
  onChange: (changes: Partial<WaitlistFilters>) => void;
}

function Filters({ choices, filters, text, onText, onChange }: FiltersProps) {
  const { t } = useLingui();
  const { specialties } = useClinic();
  return (
    <div className="time-filters waiting-filters">
      <div>
        <label className="form-label" htmlFor="waiting-text">{t`Patient`}</label>
        <input
          id="waiting-text"
          type="search"
          className="form-control"
          autoComplete="off"
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
      </div>
      <Select
        id="waiting-doctor"
        label={t`Doctor`}
        value={filters.doctor}
        onChange={(doctor) => onChange({ doctor })}
      >
        <option value="">{t`All doctors`}</option>
        {choices.doctors.map(({ id, display_name }) => (
          <option key={id} value={id}>
            {display_name}
          </option>
        ))}
      </Select>
      <Select
        id="waiting-specialty"
        label={t`Specialty`}
        value={filters.specialty}
        onChange={(specialty) => onChange({ specialty })}
      >
        <option value="">{t`All specialties`}</option>
        {specialties.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </Select>
      <Select
        id="waiting-status"
        label={t`Status`}
        value={filters.status}
        onChange={(status) => onChange({ status: (status || undefined) as WaitlistFilters['status'] })}
      >
        <option value="">{t`All`}</option>
        <option value="waiting">{t`Waiting`}</option>
        <option value="offered">{t`Offer sent`}</option>
      </Select>
    </div>
  );
}
