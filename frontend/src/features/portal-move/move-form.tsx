import { t } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { MovableVisit, WhyNot } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { ErrorList, type FormError } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useMoveVisit } from '@/shared/staff/move-visit';
import { useDebounced } from '@/shared/staff/use-debounced';
import { isDate } from '@/shared/times/dates';
import { errorText } from '@/shared/ui/error-text';
import { checkTimeQuery, type TimeQuestion } from './check-time';
import { ConfirmTime } from './confirm-time';
import { MoveFields } from './move-fields';
import { type MoveValues, valuesOf } from './move-values';

interface MoveFormProps {
  visit: MovableVisit;
  values: MoveValues;
  setValues: (values: MoveValues) => void;
  /** Called when somebody else has changed the visit. */
  onChanged: (change: Record<string, unknown>) => void;
}

/** How long the fields must stay unchanged before the time is checked on the server. */
const PAUSE_MS = 300;

const isTime = (text: string) => /^\d\d:\d\d$/.test(text);

/** The question to the server; null while a field is empty or invalid. */
function questionOf({ doctor, date, time, minutes }: MoveValues, moving: string): TimeQuestion | null {
  const length = Number(minutes);
  if (!isDate(date) || !isTime(time)) return null;
  if (!Number.isInteger(length) || length < 5 || length > 480) return null;
  return { doctor, starts_at: `${date}T${time}`, minutes: length, moving };
}

/**
 * Returns the server's check of the time that was entered; undefined while a field is empty or invalid, or the time is
 * still the visit's own.
 */
function useTimeCheck(values: MoveValues, visit: MovableVisit): WhyNot | undefined {
  const shown = useDebounced(values, PAUSE_MS);
  const question = isUnchanged(shown, visit) ? null : questionOf(shown, visit.id);
  const check = useQuery({ ...checkTimeQuery(question ?? emptyQuestion(visit)), enabled: question !== null });
  return question ? check.data : undefined;
}

const isUnchanged = (values: MoveValues, visit: MovableVisit) =>
  (['doctor', 'date', 'time', 'minutes'] as const).every((name) => values[name] === valuesOf(visit)[name]);

export function MoveForm({ visit, values, setValues, onChanged }: MoveFormProps) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const move = useMoveVisit();
  const [errors, setErrors] = useState<FormError[]>([]);
  const [attempts, setAttempts] = useState(0);
  const [toConfirm, setToConfirm] = useState<WhyNot>();
  const [isChecking, setChecking] = useState(false);
  const check = useTimeCheck(values, visit);
  const fail = (found: FormError[]) => {
    setErrors(found);
    setAttempts((before) => before + 1);
  };
  const change = (changes: Partial<MoveValues>) => {
    setValues({ ...values, ...changes });
    setToConfirm(undefined);
  };
  const save = async (question: TimeQuestion, confirmed?: WhyNot) => {
    const { doctor, starts_at, minutes } = question;
    try {
      await move.mutateAsync({
        id: visit.id,
        change: {
          doctor,
          starts_at,
          minutes,
          version: visit.version,
          note: values.note,
          ...confirmations(confirmed),
        },
      });
      navigate(`/portal/calendar?view=day&date=${values.date}`);
    } catch (error) {
      setToConfirm(undefined);
      if (isApiError(error, 'booking_changed')) return onChanged(error.data as Record<string, unknown>);
      void queries.invalidateQueries({ queryKey: checkTimeQuery(question).queryKey });
      fail([{ field: '', message: errorText(error) }]);
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (move.isPending || isChecking) return;
    const question = questionOf(values, visit.id);
    if (!question) return fail(incompleteFields(values));
    setChecking(true);
    try {
      const answer = await queries.fetchQuery({ ...checkTimeQuery(question), staleTime: 0 });
      const never = answer.obstacles.filter(({ confirm }) => confirm === 'never');
      if (never.length > 0) return fail(never.map(({ words }) => ({ field: 'move-time', message: words })));
      setErrors([]);
      if (answer.obstacles.length + answer.overlaps.length > 0) return setToConfirm(answer);
      await save(question);
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
          const question = questionOf(values, visit.id);
          if (question) void save(question, toConfirm);
        }}
        cancel={() => setToConfirm(undefined)}
      />
    );
  }
  return (
    <form onSubmit={submit} noValidate>
      <ErrorList errors={errors} attempts={attempts} />
      <MoveFields visit={visit} values={values} change={change} check={check} />
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

/** What the user has confirmed by moving the visit despite the obstacles. */
const confirmations = (check?: WhyNot) => ({
  overbook: check
    ? check.overlaps.length > 0 || check.obstacles.some(({ confirm }) => confirm === 'overbook')
    : false,
  outside_hours: check?.obstacles.some(({ confirm }) => confirm === 'outside_hours') ?? false,
});

/** The errors of values that `questionOf` does not accept. */
function incompleteFields({ date, time }: MoveValues): FormError[] {
  const found: FormError[] = [];
  if (!isDate(date)) found.push({ field: 'move-date', message: t`Enter a date.` });
  if (!isTime(time)) found.push({ field: 'move-time', message: t`Enter a time.` });
  if (found.length === 0)
    found.push({ field: 'move-minutes', message: t`Enter a length from 5 to 480 minutes.` });
  return found;
}
