import { Trans, useLingui } from '@lingui/react/macro';
import { useRef, useState } from 'react';
import { Choice } from '@/shared/forms/choice';
import { useAnnounce } from '@/shared/staff/announcements';
import { weekdays } from '@/shared/times/weekdays';

interface CopyDayProps {
  day: { number: number; name: string };
  copy: (to: number[]) => void;
}

/** Copies the hours of a day to other days. Opens below the day, so that nothing is covered. */
export function CopyDay({ day, copy }: CopyDayProps) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const details = useRef<HTMLDetailsElement>(null);
  const [chosen, setChosen] = useState<number[]>([]);
  const toggle = (number: number) =>
    setChosen(chosen.includes(number) ? chosen.filter((each) => each !== number) : [...chosen, number]);
  const apply = () => {
    if (chosen.length === 0) return;
    copy(chosen);
    announce({ text: t`The hours of ${day.name} were copied. They are not saved yet.` });
    setChosen([]);
    if (details.current) details.current.open = false;
    details.current?.querySelector('summary')?.focus();
  };
  return (
    <details ref={details} className="hours-copy">
      <summary aria-label={t`Copy to other days: the hours of ${day.name}`}>
        <Trans>Copy to other days</Trans>
      </summary>
      <fieldset className="hours-copy-days" aria-label={t`Days that get the hours of ${day.name}`}>
        {weekdays()
          .filter(({ number }) => number !== day.number)
          .map(({ number, name }) => (
            <Choice
              key={number}
              type="checkbox"
              id={`copy-${day.number}-${number}`}
              checked={chosen.includes(number)}
              onChange={() => toggle(number)}
            >
              {name}
            </Choice>
          ))}
        <div className="d-flex flex-wrap gap-2">
          <button type="button" className="btn btn-sm btn-primary" onClick={apply}>
            <Trans>Replace their hours</Trans>
          </button>
          <button
            type="button"
            className="btn btn-sm btn-outline-primary"
            onClick={() => setChosen([0, 1, 2, 3, 4].filter((each) => each !== day.number))}
          >
            <Trans>Choose Monday to Friday</Trans>
          </button>
        </div>
      </fieldset>
    </details>
  );
}
