import { Plural, Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { Icon } from '@/shared/staff/icon';
import { ColumnsDialog, type DoctorChoiceProps } from './columns-dialog';
import { DoctorCombobox } from './doctor-combobox';

/** Switches to one doctor by typing, or opens the choice of up to eight columns. */
export function DoctorChoice(props: DoctorChoiceProps) {
  const [isOpen, setOpen] = useState(false);
  const { all, chosen, choose } = props;
  const [only] = chosen;
  const shown = chosen.length === 1 ? all.doctors.find(({ id }) => id === only) : undefined;
  return (
    <div className="doctor-choice">
      <DoctorCombobox doctors={all.doctors} shown={shown} choose={(id) => choose([id])} />
      <button
        type="button"
        className="btn btn-outline-primary doctor-choice-columns"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Icon name="people" />
        <Plural value={chosen.length} one="# doctor" other="# doctors" />
        <span className="visually-hidden">
          <Trans>: choose</Trans>
        </span>
      </button>
      {isOpen && <ColumnsDialog {...props} close={() => setOpen(false)} />}
    </div>
  );
}
