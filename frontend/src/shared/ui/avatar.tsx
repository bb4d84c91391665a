interface AvatarProps {
  name: string;
  photo: { large: string; small: string } | null | undefined;
  large?: boolean;
}

/** A doctor's photo, or initials. Hidden from screen readers, because the name is next to it. */
export function Avatar({ name, photo, large = false }: AvatarProps) {
  const className = large ? 'avatar avatar-lg' : 'avatar';
  if (photo) {
    const sizes = `${photo.small} 144w, ${photo.large} 480w`;
    return (
      <img
        className={className}
        src={photo.small}
        srcSet={sizes}
        sizes={large ? '72px' : '48px'}
        width={144}
        height={144}
        alt=""
        loading="lazy"
      />
    );
  }
  const words = name.split(/\s+/).filter(Boolean);
  const initials = [words.at(0), words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.[0]?.toUpperCase() ?? '')
    .join('');
  return (
    <span className={className} aria-hidden="true">
      {initials}
    </span>
  );
}
