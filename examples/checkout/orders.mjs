// The shop's orders: invented, all alike but for the link. A shop gets `linkId` from PayTR's create call and keeps it
// with the order. Prices in kuruş.

const ITEMS = [
  { name: { tr: "Çay fincanı, kobalt mavisi", en: "Tea cup, cobalt blue" }, count: 2, price: 48_000 },
  { name: { tr: "Ekmek tabağı, sırlı", en: "Bread plate, glazed" }, count: 1, price: 62_000 },
];

// The sandbox misbehaves on these link ids, so that every answer can be seen.
const LINKS = { 1001: "NB2Zlz3", 1002: "sandbox-slow", 1003: "sandbox-failed", 1004: "sandbox-hang" };

/** The orders by their number. */
export const ORDERS = new Map(
  Object.entries(LINKS).map(([number, linkId]) => [number, { number, linkId, items: ITEMS }]),
);
