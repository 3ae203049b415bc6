const PATHS = {
  lasso:
    "M8 2.5c3.6 0 6 1.8 6 4s-2.4 4-6 4c-.9 0-1.7-.1-2.4-.3M5.6 10.2C3.4 9.6 2 8.2 2 6.5c0-2.2 2.4-4 6-4M5.6 10.2a1.5 1.5 0 1 1-2.3 1.9 1.5 1.5 0 0 1 2.3-1.9M5.2 12.7c.3 1-.2 1.7-1.2 2",
  whole: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  chosen: "M2.5 5V2.5H5M11 2.5h2.5V5M13.5 11v2.5H11M5 13.5H2.5V11M5.5 9.5l2-3 1.5 2 1.5-2.5",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  back: "M10 3 5 8l5 5",
  forward: "m6 3 5 5-5 5",
  close: "m3.5 3.5 9 9M12.5 3.5l-9 9",
  up: "M8 13V3M4 7l4-4 4 4",
  down: "M8 3v10M4 9l4 4 4-4",
  grow: "M9.5 2.5h4v4M13 3 9 7M6.5 13.5h-4v-4M3 13l4-4",
  shrink: "M13 3 9 7M9 3.5V7h3.5M3 13l4-4M7 12.5V9H3.5",
  save: "M8 2.5v7.5M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
  sun: "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
  moon: "M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6Z"
} as const;

const FILLED = {play: "M4.5 2.5v11l9-5.5Z", pause: "M4 3h3v10H4zM9 3h3v10H9z"} as const;

export type IconName = keyof typeof PATHS | keyof typeof FILLED;

/** A sign of the page's own, so that it looks the same with every font. */
export function Icon({name}: {name: IconName}) {
  const filled = name in FILLED;
  return (
    <svg
      className="sign"
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill={filled ? "currentColor" : "none"}
      stroke={filled ? "none" : "currentColor"}
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={filled ? FILLED[name as keyof typeof FILLED] : PATHS[name as keyof typeof PATHS]} />
    </svg>
  );
}
