import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { MovableVisit, WhyNot } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { ErrorList, type FormError } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useMoveVisit } from '@/shared/staff/move-visit';
import { isDate } from '@/shared/times/dates';
import { errorText } from '@/shared/ui/error-text';
import { checkTimeQuery, type TimeQuestion } from './check-time';
import { ConfirmTime } from './confirm-time';
import { MoveFields } from './move-fields';
import { useLater } from './use-later';
import type { Wanted } from './wanted';

interface MoveFormProps {
  visit: MovableVisit;
  wanted: Wanted;
  setWanted: (wanted: Wanted) => void;
  /** Called when somebody else has changed the visit. */
  onChanged: (change: Record<string, unknown>) => void;
}

/** The question to the server; null as long as the fields are not complete. */
function questionOf({ doctor, date, time, minutes }: Wanted, moving: string): TimeQuestion | null {
  const length = Number(minutes);
  if (!isDate(date) || !/^\d\d:\d\d$/.test(time)) return null;
  if (!Number.isInteger(length) || length < 5 || length > 480) return null;
  return { doctor, starts_at: `${date}T${time}`, minutes: length, moving };
}

export function MoveForm({ visit, wanted, setWanted, onChanged }: MoveFormProps) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const move = useMoveVisit();
  const [errors, setErrors] = useState<FormError[]>([]);
  const [attempts, setAttempts] = useState(0);
  const [toConfirm, setToConfirm] = useState<WhyNot>();
  const [isChecking, setChecking] = useState(false);
  const question = useLater(questionOf(wanted, visit.id));
  const check = useQuery({ ...checkTimeQuery(question ?? emptyQuestion(visit)), enabled: question !== null });

  const fail = (found: FormError[]) => {
    setErrors(found);
    setAttempts((before) => before + 1);
  };
  const change = (changes: Partial<Wanted>) => {
    setWanted({ ...wanted, ...changes });
    setToConfirm(undefined);
  };
  const save = async (asked: TimeQuestion, confirmed?: WhyNot) => {
    const { doctor, starts_at, minutes } = asked;
    try {
      await move.mutateAsync({
        id: visit.id,
        change: {
          doctor,
          starts_at,
          minutes,
          version: visit.version,
          note: wanted.note,
          ...confirmations(confirmed),
        },
      });
      navigate(`/portal/calendar?view=day&date=${wanted.date}`);
    } catch (error) {
      setToConfirm(undefined);
      if (isApiError(error, 'booking_changed')) return onChanged(error.data as Record<string, unknown>);
      void queries.invalidateQueries({ queryKey: checkTimeQuery(asked).queryKey });
      fail([{ field: '', message: errorText(error) }]);
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (move.isPending || isChecking) return;
    const asked = questionOf(wanted, visit.id);
    if (!asked)
      return fail(
        missing(wanted, t`Enter a date.`, t`Enter a time.`, t`Enter a length from 5 to 480 minutes.`),
      );
    setChecking(true);
    try {
      const answer = await queries.fetchQuery({ ...checkTimeQuery(asked), staleTime: 0 });
      const never = answer.obstacles.filter(({ confirm }) => confirm === 'never');
      if (never.length > 0) return fail(never.map(({ words }) => ({ field: 'move-time', message: words })));
      setErrors([]);
      if (answer.obstacles.length + answer.overlaps.length > 0) return setToConfirm(answer);
      await save(asked);
    } catch (error) {
      fail([{ field: '', message: errorText(error) }]);
    } finally {
      setChecking(false);
    }
  };

  if (toConfirm) {
    return (
      <ConfirmTime
        check={toConfirm}
        isSaving={move.isPending}
        confirm={() => {
          const asked = questionOf(wanted, visit.id);
          if (asked) void save(asked, toConfirm);
        }}
        cancel={() => setToConfirm(undefined)}
      />
    );
  }
  return (
    <form onSubmit={submit} noValidate>
      <ErrorList errors={errors} attempts={attempts} />
      <MoveFields visit={visit} wanted={wanted} change={change} check={question ? check.data : undefined} />
      <div className="actions">
        <SubmitButton busy={move.isPending || isChecking} busyLabel={t`Moving…`}>
          <Trans>Move appointment</Trans>
        </SubmitButton>
      </div>
    </form>
  );
}

const emptyQuestion = (visit: MovableVisit): TimeQuestion => ({
  doctor: visit.doctor.id,
  starts_at: visit.starts_at,
  minutes: 5,
  moving: visit.id,
});

/** The confirmations that the user has given by moving the visit all the same. */
const confirmations = (check?: WhyNot) => ({
  overbook: check
    ? check.overlaps.length > 0 || check.obstacles.some(({ confirm }) => confirm === 'overbook')
    : false,
  outside_hours: check?.obstacles.some(({ confirm }) => confirm === 'outside_hours') ?? false,
});

function missing(wanted: Wanted, date: string, time: string, minutes: string): FormError[] {
  const found: FormError[] = [];
  if (!isDate(wanted.date)) found.push({ field: 'move-date', message: date });
  if (!/^\d\d:\d\d$/.test(wanted.time)) found.push({ field: 'move-time', message: time });
  if (found.length === 0) found.push({ field: 'move-minutes', message: minutes });
  return found;
}
