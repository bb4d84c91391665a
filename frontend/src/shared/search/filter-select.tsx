import type { FilterField } from './filters';

export function FilterSelect({ field: { name, label, anyLabel, options, value } }: { field: FilterField }) {
  return (
    <div>
      <label className="form-label" htmlFor={name}>
        {label}
      </label>
      <select id={name} name={name} className="form-select" defaultValue={value}>
        <option value="">{anyLabel}</option>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
