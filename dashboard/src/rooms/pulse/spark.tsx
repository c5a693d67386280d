// A small line without axes: how a figure went in the last minute. Only an ornament of the number beside it.

const WIDTH = 60;
const HEIGHT = 20;

export function Spark(props: { values: readonly (number | null)[]; kind: "orders" | "delay" | "late" }) {
  return (
    <svg
      class={`pulse-spark pulse-spark-${props.kind}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="pulse-spark-area" d={area(props.values)} />
      <path class="pulse-spark-line" d={path(props.values)} />
    </svg>
  );
}

/** Points with a figure, as parts between those without one. */
function runs(values: readonly (number | null)[]): [x: number, y: number][][] {
  const max = Math.max(0, ...values.map((value) => value ?? 0));
  const parts: [number, number][][] = [[]];
  values.forEach((value, at) => {
    if (value === null) parts.push([]);
    else parts.at(-1)?.push([(at / (values.length - 1)) * WIDTH, HEIGHT - 1.5 - (max === 0 ? 0 : (value / max) * 17)]);
  });
  return parts.filter((part) => part.length > 0);
}

function path(values: readonly (number | null)[]): string {
  return runs(values)
    .map((part) => `M${part.map(point).join("L")}${part.length === 1 ? "h0.01" : ""}`)
    .join("");
}

function area(values: readonly (number | null)[]): string {
  return runs(values)
    .map((part) => `M${part[0]?.[0].toFixed(1)} ${HEIGHT}L${part.map(point).join("L")}V${HEIGHT}Z`)
    .join("");
}

function point([x, y]: [number, number]): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
