import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { FreeTime, PortalWaitlistEntry } from '@/shared/api/types';
import { PhoneLink } from '@/shared/clinic/clinic-phone';
import { withQuery } from '@/shared/paths/with-query';
import { useAnnounce } from '@/shared/staff/announcements';
import { usePatientFacts } from '@/shared/staff/patient-facts';
import { todayIn } from '@/shared/times/dates';
import { plainDate, shortDate, shortDateTime } from '@/shared/times/format';
import { weekdayName } from '@/shared/times/weekdays';
import { errorText } from '@/shared/ui/error-text';
import { QueryView } from '@/shared/ui/query-view';
import { freeTimesQuery } from '../next-free';
import { useOfferTime, useRemoveEntry, useWithdrawOffer } from './portal-waitlist';

const EVERY_DAY = 7;
const SHOWN_TIMES = 6;

const headingOf = ({ id }: PortalWaitlistEntry) => `waiting-${id}`;

/** The heading takes the focus when the button that was pressed has gone. */
const headingIn = (entry: PortalWaitlistEntry) => () => document.getElementById(headingOf(entry));

/** Calls `next` once a change is made, also if the part of the page with the button has gone by then. */
function whenDone(change: Promise<unknown>, next: () => void) {
  // The mutation has the error, which is shown.
  change.then(next, () => undefined);
}

/** One entry of the waiting list, with the actions of the front desk. */
export function Entry({ entry }: { entry: PortalWaitlistEntry }) {
  const { t } = useLingui();
  const facts = usePatientFacts();
  const { patient, offer } = entry;
  const [opened, setOpened] = useState(false);
  const withWhom = entry.doctor?.display_name ?? entry.specialty?.name ?? '';
  const days =
    entry.weekdays.length < EVERY_DAY ? entry.weekdays.map((day) => weekdayName(day)).join(', ') : '';
  return (
    <li className="portal-card waiting-entry">
      <div>
        <h2 id={headingOf(entry)} tabIndex={-1} className="h5">
          {patient.name}
        </h2>
        <p>
          {facts({ date_of_birth: patient.date_of_birth })}
          {patient.phone_display && (
            <>
              <br />
              <PhoneLink number={patient.phone_display} />
            </>
          )}
        </p>
      </div>
      <div>
        <p>
          <strong>{[withWhom, entry.visit_type?.name].filter(Boolean).join(' · ')}</strong>
        </p>
        <p>
          <Trans>
            {shortDate(entry.from)} to {shortDate(entry.to)}
          </Trans>
          {days && `, ${days}`}
        </p>
        <p className="waiting-since">
          <Trans>
            Position {entry.position}, since {plainDate(todayIn(entry.time_zone, new Date(entry.created_at)))}
          </Trans>
        </p>
      </div>
      <div>
        {offer ? (
          <p>
            <Trans>
              Offered: {shortDateTime(offer.time)}, {offer.time.tz_label}, with{' '}
              {offer.time.doctor.display_name}. Answer by {shortDateTime(offer.ends_at_local)}.
            </Trans>
          </p>
        ) : (
          <p>{entry.reason_text}</p>
        )}
        <Actions entry={entry} opened={opened} onOpen={() => setOpened(!opened)} />
      </div>
      {opened && !offer && (
        <section className="waiting-times" aria-label={t`Free times for ${patient.name}`}>
          <Times entry={entry} />
        </section>
      )}
    </li>
  );
}

interface ActionsProps {
  entry: PortalWaitlistEntry;
  opened: boolean;
  onOpen: () => void;
}

function Actions({ entry, opened, onOpen }: ActionsProps) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const [asks, setAsks] = useState(false);
  const remove = useRemoveEntry();
  const withdraw = useWithdrawOffer();
  const { offer, patient } = entry;
  const error = remove.error ?? withdraw.error;
  const book = withQuery('/portal/new', {
    patient: patient.id,
    visit_type: entry.visit_type?.id,
    doctor: entry.doctor?.id,
    date: entry.from,
  });
  const done = (text: string, next: () => HTMLElement | null) => () => {
    announce({ text });
    next()?.focus();
  };
  return (
    <>
      {error && (
        <p role="alert" className="field-error">
          {errorText(error)}
        </p>
      )}
      <div className="waiting-actions">
        {offer ? (
          <button
            type="button"
            className="btn btn-outline-primary"
            onClick={() =>
              whenDone(withdraw.mutateAsync(offer.id), done(t`Offer withdrawn.`, headingIn(entry)))
            }
          >
            <Trans>Withdraw the offer</Trans>
          </button>
        ) : (
          <>
            <Link className="btn btn-outline-primary" to={book}>
              <Trans>Book</Trans>
            </Link>
            <button type="button" className="btn btn-outline-primary" aria-expanded={opened} onClick={onOpen}>
              <Trans>Free times</Trans>
            </button>
          </>
        )}
        {asks ? (
          <button
            type="button"
            className="btn btn-danger"
            // biome-ignore lint/a11y/noAutofocus: it replaces the button that had the focus
            autoFocus
            onBlur={() => setAsks(false)}
            onClick={() =>
              whenDone(
                remove.mutateAsync(entry.id),
                done(t`${patient.name} is no longer on the waiting list.`, () =>
                  document.querySelector('h1'),
                ),
              )
            }
          >
            <Trans>Remove {patient.name}?</Trans>
          </button>
        ) : (
          <button type="button" className="btn btn-outline-danger" onClick={() => setAsks(true)}>
            <Trans>
              Remove<span className="visually-hidden"> {patient.name}</span>
            </Trans>
          </button>
        )}
      </div>
    </>
  );
}

/** The next free times that suit the entry. One can be offered to the patient, or booked. */
function Times({ entry }: { entry: PortalWaitlistEntry }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const offer = useOfferTime(entry.id);
  const today = todayIn(entry.time_zone);
  const found = useInfiniteQuery(
    freeTimesQuery({
      patient: entry.patient.id,
      from: entry.from > today ? entry.from : today,
      weekday: entry.weekdays.length < EVERY_DAY ? entry.weekdays.join(',') : '',
      ...(entry.doctor && { doctor: entry.doctor.id }),
      ...(entry.specialty && { specialty: entry.specialty.code }),
      ...(entry.visit_type && { visit_type: entry.visit_type.id }),
    }),
  );
  const send = (time: FreeTime) =>
    whenDone(offer.mutateAsync(time.id), () => {
      announce({ text: t`The time is offered to ${entry.patient.name}.` });
      headingIn(entry)()?.focus();
    });
  return (
    <QueryView query={found} loading={t`Searching for free times…`}>
      {({ pages }) => {
        const times = pages
          .flatMap(({ results }) => results)
          .filter(({ local_date }) => local_date <= entry.to)
          .slice(0, SHOWN_TIMES);
        return (
          <>
            {offer.error && (
              <p role="alert" className="field-error">
                {errorText(offer.error)}
              </p>
            )}
            {times.length === 0 && (
              <p className="mb-0">
                <Trans>There are no suitable free times at the moment.</Trans>
              </p>
            )}
            <ul className="nearest-times">
              {times.map((time) => (
                <li key={time.id} className="waiting-time">
                  <span>
                    {shortDateTime(time)}, {time.tz_label}, {time.doctor_name}
                  </span>
                  {entry.reason !== 'nobody_to_tell' && (
                    <button type="button" className="btn btn-outline-primary" onClick={() => send(time)}>
                      <Trans>
                        Offer<span className="visually-hidden"> {shortDateTime(time)}</span>
                      </Trans>
                    </button>
                  )}
                </li>
              ))}
            </ul>
          </>
        );
      }}
    </QueryView>
  );
}
