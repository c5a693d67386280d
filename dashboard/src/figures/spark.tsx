// A small line without axes: how a figure went in the last minute. Only an ornament of the number beside it.

const WIDTH = 60;
const HEIGHT = 20;
/** Where zero is: a little above the bottom, so that the line is seen whole. */
const BASE = HEIGHT - 1;

export function Spark(props: { values: readonly (number | null)[] }) {
  const points = () => pointsOf(props.values);
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="spark-area" d={areaBelow(points())} />
      <path class="spark-line" d={lineThrough(points())} />
    </svg>
  );
}

type Point = readonly [x: number, y: number];

/** From zero up to the largest; where nothing is known the line goes straight on. */
function pointsOf(values: readonly (number | null)[]): Point[] {
  const max = Math.max(...values.map((value) => value ?? 0)) || 1;
  const step = WIDTH / Math.max(1, values.length - 1);
  return values.flatMap((value, at) =>
    value === null ? [] : [[at * step, BASE - (value / max) * (BASE - 1)] as const],
  );
}

function lineThrough(points: readonly Point[]): string {
  return points.length < 2 ? "" : `M${points.map(written).join("L")}`;
}

function areaBelow(points: readonly Point[]): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return "";
  return `${lineThrough(points)}L${written([last[0], HEIGHT])}L${written([first[0], HEIGHT])}Z`;
}

function written([x, y]: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
