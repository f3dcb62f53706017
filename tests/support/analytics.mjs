// Takes the data points that workerd's Analytics Engine sends on, and writes each into the log, its bytes as text.
const text = (value) => (Array.isArray(value) ? String.fromCharCode(...value) : value);

export default {
  async fetch(request) {
    const point = Object.entries(await request.json()).map(([name, value]) => [name, text(value)]);
    console.log(JSON.stringify({ point: Object.fromEntries(point) }));
    return new Response();
  },
};
