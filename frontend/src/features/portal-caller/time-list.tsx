import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { KeyboardEvent } from 'react';
import { Link } from 'react-router';
import type { Choices, FreeTime } from '@/shared/api/types';
import { withQuery } from '@/shared/paths/with-query';
import { longDate, startTime } from '@/shared/times/format';
import { QueryView } from '@/shared/ui/query-view';
import { freeTimesQuery } from './next-free';
import type { CallerForm } from './use-caller-form';

/** The next free times by day, as one group of radio buttons. */
export function TimeList({ form, choices }: { form: CallerForm; choices: Choices }) {
  const { t } = useLingui();
  const found = useInfiniteQuery(freeTimesQuery(form.filters));
  return (
    <QueryView query={found} loading={t`Searching for free times…`}>
      {({ pages }) => {
        const times = withChosen(
          pages.flatMap(({ results }) => results),
          form.chosen,
        );
        const zone = times[0]?.tz_label;
        const sameZone = times.length > 0 && times.every(({ tz_label }) => tz_label === zone);
        const until = pages.at(-1)?.searched_until ?? '';
        return (
          <>
            {sameZone && (
              <p className="zone-note">
                <Trans>All times are {zone}.</Trans>
              </p>
            )}
            {times.length === 0 && <NoTimes form={form} until={until} hasMore={found.hasNextPage} />}
            {byDay(times).map(([day, ofDay]) => (
              <fieldset key={day} className="free-day">
                <legend>{longDate(day)}</legend>
                <div className="caller-slots">
                  {ofDay.map((time) => (
                    <TimeChoice key={time.id} time={time} sameZone={sameZone} form={form} choices={choices} />
                  ))}
                </div>
              </fieldset>
            ))}
            {found.hasNextPage && (
              <button
                type="button"
                className="btn btn-outline-primary"
                aria-busy={found.isFetchingNextPage || undefined}
                onClick={() => found.fetchNextPage()}
              >
                {found.isFetchingNextPage ? t`Searching…` : t`Show more times`}
              </button>
            )}
          </>
        );
      }}
    </QueryView>
  );
}

/** Adds the chosen time, which may no longer be free because it is held. */
function withChosen(times: FreeTime[], chosen: FreeTime | null): FreeTime[] {
  if (!chosen || times.some(({ id }) => id === chosen.id)) return times;
  return [...times, chosen].sort((one, other) => one.starts_at.localeCompare(other.starts_at));
}

function byDay(times: FreeTime[]): [string, FreeTime[]][] {
  const days = new Map<string, FreeTime[]>();
  for (const time of times) days.set(time.local_date, [...(days.get(time.local_date) ?? []), time]);
  return [...days];
}

interface TimeChoiceProps {
  time: FreeTime;
  /** Whether all times have the same zone, so that it is named once above them. */
  sameZone: boolean;
  form: CallerForm;
  choices: Choices;
}

/** The first Enter chooses a time, and the next one books it. */
function TimeChoice({ time, sameZone, form, choices }: TimeChoiceProps) {
  const { t } = useLingui();
  const checked = form.chosen?.id === time.id;
  const place = choices.places.find(({ id }) => id === time.place);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || checked) return;
    event.preventDefault();
    form.choose(time);
  };
  return (
    <div className="caller-slot">
      <input
        type="radio"
        name="time"
        id={`time-${time.id}`}
        value={time.id}
        checked={checked}
        onChange={() => form.choose(time)}
        onKeyDown={onKeyDown}
      />
      <label htmlFor={`time-${time.id}`}>
        <strong>{startTime(time)}</strong>
        <span>
          {time.doctor_name}
          {time.others > 0 && (
            <span className="caller-slot-others">
              {' '}
              {t`${plural(time.others, { one: 'and # other', other: 'and # others' })}`}
            </span>
          )}
        </span>
        {place && (
          <span className="caller-slot-place">
            {sameZone ? place.name : `${place.name}, ${time.tz_label}`}
          </span>
        )}
      </label>
    </div>
  );
}

function NoTimes({ form, until, hasMore }: { form: CallerForm; until: string; hasMore: boolean }) {
  const to = withQuery('/portal/waiting-list', {
    add: '1',
    patient: form.patient?.id,
    doctor: form.filters.doctor,
    visit_type: form.visitType?.id,
  });
  return (
    <div className="notice">
      <p>
        {hasMore ? (
          <Trans>There are no free times until {longDate(until)} with these filters.</Trans>
        ) : (
          <Trans>There are no free times with these filters in the clinic’s booking window.</Trans>
        )}
      </p>
      <p className="mb-0">
        <Link to={to}>
          <Trans>Add the caller to the waiting list</Trans>
        </Link>
      </p>
    </div>
  );
}
