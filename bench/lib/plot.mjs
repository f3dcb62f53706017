// Bars as SVG, readable on light and dark pages.

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
