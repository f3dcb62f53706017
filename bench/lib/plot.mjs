// Bars and steps as SVG, readable on light and dark pages.

const BAR = 22;
const GAP = 10;
const LEFT = 330;
const WIDTH = 790;
const TOP = 44;

/** `bars`: `{label, value, relay}`; 1 is marked. */
export function bars(title, entries) {
  const most = Math.max(...entries.map(({ value }) => value));
  const scale = (WIDTH - LEFT - 60) / most;
  const height = TOP + entries.length * (BAR + GAP) + 10;
  const one = LEFT + scale;
  const rows = entries.map(({ label, value, relay }, row) => {
    const y = TOP + row * (BAR + GAP);
    return `  <text x="${LEFT - 10}" y="${y + 16}" text-anchor="end">${label}</text>
  <rect x="${LEFT}" y="${y}" width="${(value * scale).toFixed(1)}" height="${BAR}" fill="${relay ? "#c2410c" : "#6b7280"}"/>
  <text x="${(LEFT + value * scale + 8).toFixed(1)}" y="${y + 16}">${value.toFixed(2)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${title}">
  <style>text { font: 13px sans-serif; fill: #374151 } @media (prefers-color-scheme: dark) { text { fill: #d1d5db } }</style>
  <text x="${LEFT}" y="24" font-weight="bold">${title}</text>
${rows.join("\n")}
  <line x1="${one.toFixed(1)}" y1="${TOP - 6}" x2="${one.toFixed(1)}" y2="${height - 8}" stroke="#9ca3af" stroke-dasharray="4 4"/>
</svg>
`;
}

const PLOT = { left: 60, top: 44, width: 700, height: 220 };
const COLOURS = ["#c2410c", "#6b7280", "#2563eb"];

/** Columns over time: `series` are `{ label, values }`, a value for each step of `stepLabel`, all of the same length. */
export function columns(title, stepLabel, series) {
  const { left, top, width, height } = PLOT;
  const length = Math.max(...series.map(({ values }) => values.length));
  const most = Math.max(...series.flatMap(({ values }) => values));
  const x = (step) => (left + (step / length) * width).toFixed(1);
  const y = (value) => (top + height * (1 - value / most)).toFixed(1);
  const lines = series.map(({ values }, number) => {
    const points = values.flatMap((value, step) => [`${x(step)},${y(value)}`, `${x(step + 1)},${y(value)}`]);
    return `  <polyline points="${points.join(" ")}" fill="none" stroke="${COLOURS[number]}" stroke-width="2"/>`;
  });
  const legend = series.map(
    ({ label }, number) => `  <text x="${left + 330 + 190 * number}" y="24" style="fill: ${COLOURS[number]}">${label}</text>`,
  );
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const step = Math.round(part * length);
    return `  <text x="${x(step)}" y="${top + height + 18}" text-anchor="middle">${step}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 790 310" width="790" height="310" role="img" aria-label="${title}">
  <style>text { font: 13px sans-serif; fill: #374151 } @media (prefers-color-scheme: dark) { text { fill: #d1d5db } }</style>
  <text x="${left}" y="24" font-weight="bold">${title}</text>
${[...lines, ...legend, ...ticks].join("\n")}
  <text x="${left - 8}" y="${top + 5}" text-anchor="end">${most}</text>
  <text x="${left - 8}" y="${top + height}" text-anchor="end">0</text>
  <text x="${left + width}" y="${top + height + 36}" text-anchor="end">${stepLabel}</text>
</svg>
`;
}
