/** The studio's mark: three peers, each connected with each. */
export function BrandMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <path
        d="M16 7 L26 24 L6 24 Z"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinejoin="round"
        opacity="0.55"
      />
      <circle cx="16" cy="7.5" r="4.5" fill="currentColor" />
      <circle cx="25.5" cy="24" r="4.5" fill="currentColor" />
      <circle cx="6.5" cy="24" r="4.5" fill="currentColor" />
    </svg>
  );
}
