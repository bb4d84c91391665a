import { Trans, useLingui } from '@lingui/react/macro';
import { useRef } from 'react';
import { Icon } from '@/shared/staff/icon';
import { languageNames } from '@/shared/ui/labels';

/** Languages to choose from. Others can be added by the clinic. */
const OFFERED =
  'am ar bg bn bs cs cy da de el en es et fa fi fr ga gu he hi hr hu id it ja ko lt lv ml nb nl pa pl pt ro ru sk sl so sq sr sv sw ta te th ti tl tr uk ur vi zh'.split(
    ' ',
  );

interface LanguagesProps {
  value: string[];
  onChange: (languages: string[]) => void;
}

/** The languages that a doctor speaks. */
export function Languages({ value, onChange }: LanguagesProps) {
  const { t } = useLingui();
  const select = useRef<HTMLSelectElement>(null);
  const name = (code: string) => languageNames([code]);
  const offered = OFFERED.filter((code) => !value.includes(code)).sort((a, b) =>
    name(a).localeCompare(name(b)),
  );
  const remove = (code: string) => {
    onChange(value.filter((other) => other !== code));
    select.current?.focus();
  };
  return (
    <fieldset className="field">
      <legend className="form-label">
        <Trans>Languages</Trans>
      </legend>
      {value.length > 0 && (
        <ul className="language-list">
          {value.map((code) => (
            <li key={code}>
              {name(code)}
              <button type="button" onClick={() => remove(code)} aria-label={t`Remove ${name(code)}`}>
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <label htmlFor="add-language" className="form-label fw-normal">
        <Trans>Add a language</Trans>
      </label>
      <select
        ref={select}
        id="add-language"
        className="form-select"
        value=""
        onChange={(event) => onChange([...value, event.target.value])}
      >
        <option value="">{t`Choose a language`}</option>
        {offered.map((code) => (
          <option key={code} value={code}>
            {name(code)}
          </option>
        ))}
      </select>
    </fieldset>
  );
}
