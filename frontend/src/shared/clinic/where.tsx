import { useClinic } from './clinic-context';

export function Where() {
  const { name, address } = useClinic();
  return (
    <>
      {name}
      <span className="d-block text-body-secondary address">{address}</span>
    </>
  );
}
