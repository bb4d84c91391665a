import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { MovableVisit } from '@/gen';
import { movableVisitQuery } from '@/shared/staff/movable-visit';
import { AppointmentTime } from '@/shared/times/appointment-time';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { Conflict } from './conflict';
import { MoveForm } from './move-form';
import { type MoveValues, valuesOf } from './move-values';

/** Moves a visit to another time or doctor, or changes its length: the alternative to dragging it. */
export function MovePage() {
  const { t } = useLingui();
  const { id = '' } = useParams();
  const visit = useQuery(movableVisitQuery(id));
  return (
    <div className="move-page">
      <QueryView page query={visit} loading={t`Loading the appointment…`}>
        {(present) => <Move key={present.id} present={present} />}
      </QueryView>
    </div>
  );
}

/** The form shows the visit as it was when the user opened it, so that no other user's change is overwritten. */
function Move({ present }: { present: MovableVisit }) {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const [visit, setVisit] = useState(present);
  const [values, setValues] = useState<MoveValues>(() => initialValues(present, params));
  const [isReviewing, setReviewing] = useState(false);
  const [changed, setChanged] = useState<Record<string, unknown>>();
  const name = visit.patient.name;
  const resume = () => {
    setVisit(present);
    setChanged(undefined);
    setReviewing(false);
  };
  return (
    <>
      <Link to={`/portal/bookings/${visit.id}`} className="back-link">
        <span aria-hidden="true" className="arrow-start" /> <Trans>Back to the appointment</Trans>
      </Link>
      <PageHeading title={t`Move the appointment of ${name}`} />
      {isReviewing ? (
        <Conflict visit={present} before={visit} change={changed} resume={resume} />
      ) : (
        <>
          <div className="portal-card move-present">
            <h2>
              <Trans>Now</Trans>
            </h2>
            <AppointmentTime time={visit} />
            <p>
              {visit.doctor.display_name}
              {visit.visit_type && ` · ${visit.visit_type.name}`}
              {visit.place && ` · ${visit.place.name}`}
              {visit.room && ` · ${visit.room}`}
            </p>
          </div>
          <MoveForm
            visit={visit}
            values={values}
            setValues={setValues}
            onChanged={(data) => {
              setChanged(data);
              setReviewing(true);
            }}
          />
        </>
      )}
    </>
  );
}

/** The values from the calendar's link, else those of the visit. */
function initialValues(visit: MovableVisit, params: URLSearchParams): MoveValues {
  const present = valuesOf(visit);
  return {
    ...present,
    doctor: params.get('doctor') ?? present.doctor,
    date: params.get('date') ?? present.date,
    time: params.get('time') ?? present.time,
    minutes: params.get('minutes') ?? present.minutes,
  };
}
