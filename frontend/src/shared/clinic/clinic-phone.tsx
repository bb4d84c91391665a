import { Trans } from '@lingui/react/macro';
import { useClinic } from './clinic-context';

export function PhoneLink({ number }: { number: string }) {
  return (
    <a dir="ltr" className="text-nowrap" href={`tel:${number.replace(/[^+\d]/g, '')}`}>
      {number}
    </a>
  );
}

/** Shown wherever the user cannot continue online. */
export function CallTheClinic() {
  const { phone } = useClinic();
  if (!phone) return null;
  return (
    <p className="mb-0 call-us">
      <Trans>
        You can also call us on <PhoneLink number={phone} />.
      </Trans>
    </p>
  );
}
