import { type ReactNode, useId } from 'react';

export type SectionLevel = 'h2' | 'h3';

interface SectionProps {
  title: string;
  level: SectionLevel;
  className?: string;
  children: ReactNode;
}

/** A part of the panel with its heading. */
export function Section({ title, level: Heading, className = '', children }: SectionProps) {
  const id = useId();
  return (
    <section className={`booking-section ${className}`} aria-labelledby={id}>
      <Heading id={id} className="booking-section-title">
        {title}
      </Heading>
      {children}
    </section>
  );
}
