/** The sign of the program: a body on its orbit. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <ellipse cx="16" cy="16" rx="13" ry="8" fill="none" stroke="currentColor" strokeWidth="1.8" transform="rotate(-24 16 16)" />
      <circle cx="16" cy="16" r="3.6" fill="var(--converging)" />
      <circle cx="27" cy="9.6" r="2.8" fill="var(--orbit)" />
    </svg>
  );
}
