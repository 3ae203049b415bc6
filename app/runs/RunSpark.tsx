import {sparkPath} from "../plot/spark.ts";

const SIZE = {width: 72, height: 18};

/** How a run went: the median distance to the last state by step, on a log scale of its own. */
export function RunSpark({course}: {course: readonly (number | null)[] | undefined}) {
  const found = (course ?? []).map((value) => value ?? NaN);
  const positive = found.filter((value) => value > 0);
  if (positive.length < 2) return <span className="note">–</span>;
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  const values = found.map((value, i) => (value === 0 && i < found.length - 1 ? low : value)); // still, bit for bit; the last state is its own end
  return (
    <svg
      className="run-spark"
      width={SIZE.width}
      height={SIZE.height + 2}
      viewBox={`0 -1 ${SIZE.width} ${SIZE.height + 2}`}
      role="img"
      aria-label={`distance to the last state from ${values[0]} down to ${low}`}
    >
      <title>Median distance to the last state by step, log</title>
      <path d={sparkPath(values, {...SIZE, low, high})} fill="none" stroke="currentColor" strokeWidth="1.2" />
    </svg>
  );
}
