import { Trans, useLingui } from '@lingui/react/macro';

interface BookingStepsProps {
  /** The number of the current step: 1 for the time, 2 for the details, 3 for the check. */
  current: 1 | 2 | 3;
}

/** The steps of a booking. The code that newcomers enter is part of the second. */
export function BookingSteps({ current }: BookingStepsProps) {
  const { t } = useLingui();
  return (
    <ol className="steps d-print-none" aria-label={t`Steps`}>
      {[t`Time`, t`Details`, t`Check`].map((name, index) => {
        const number = index + 1;
        if (number === current) {
          return (
            <li key={name} className="step step-current" aria-current="step">
              {name}
            </li>
          );
        }
        return (
          <li key={name} className={number < current ? 'step step-done' : 'step'}>
            {name}
            {number < current && (
              <span className="visually-hidden">
                {' '}
                <Trans>(completed)</Trans>
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
