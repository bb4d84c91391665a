import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { Link } from 'react-router';
import { QueryView } from '@/shared/ui/query-view';
import { patientsQuery } from './find-patients';

/** A search for the record that is merged into the patient's. */
export function ChooseOther({ patient }: { patient: string }) {
  const { t } = useLingui();
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const found = useQuery(patientsQuery(search));
  return (
    <section aria-labelledby="merge-choose">
      <h2 id="merge-choose">
        <Trans>Which record is the other one?</Trans>
      </h2>
      <div className="field">
        <label className="form-label" htmlFor="merge-search">
          <Trans>Search by name, phone number or email address</Trans>
        </label>
        <input
          id="merge-search"
          type="search"
          className="form-control"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {search.length > 1 && (
        <QueryView query={found} loading={t`Searching…`}>
          {(patients) => {
            const others = patients.filter((row) => row.id !== patient);
            return (
              <>
                <p role="status" className="text-body-secondary">
                  {others.length === 0 ? t`Nobody else was found.` : t`Choose the other record.`}
                </p>
                <ul className="list-unstyled merge-found">
                  {others.map((row) => (
                    <li key={row.id}>
                      <Link to={`/portal/patients/${patient}/merge?other=${row.id}`}>
                        <span className="fw-semibold text-break">{row.name}</span>
                        <span className="merge-details">
                          {[row.date_of_birth, row.phone_display, row.email].filter(Boolean).join(' · ')}
                        </span>
                      </Link>
                    </li>
                  ))}
                </ul>
              </>
            );
          }}
        </QueryView>
      )}
    </section>
  );
}
