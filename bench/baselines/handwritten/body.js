// Bodies: of which kind, and read with a cap.

export const MAX_BODY_BYTES = 16 * 1024;

export function isPlainJson(headers) {
  if (headers.has("content-encoding")) return false;
  const type = headers.get("content-type");
  if (type === "application/json") return true;
  const [essence, ...parameters] = (type ?? "").split(";").map((part) => part.trim());
  return essence.toLowerCase() === "application/json" && parameters.every(isHarmlessParameter);
}

function isHarmlessParameter(parameter) {
  const equals = parameter.indexOf("=");
  if (equals >= 0 && parameter.slice(0, equals).toLowerCase() === "charset") {
    return parameter.slice(equals + 1).replace(/^"+|"+$/g, "").toLowerCase() === "utf-8";
  }
  // A comma would begin a second content-type.
  return !parameter.includes(",");
}

/** The bytes, or `null` when they are more than `cap`. */
export async function readBytes(message, cap) {
  const length = message.headers.get("content-length");
  if (length !== null && Number(length) > cap) return null;
  if (length !== null && !message.headers.has("content-encoding")) {
    const bytes = new Uint8Array(await message.arrayBuffer());
    return bytes.length > cap ? null : bytes;
  }
  const pieces = [];
  let total = 0;
  for await (const piece of message.body ?? []) {
    total += piece.length;
    if (total > cap) return null;
    pieces.push(piece);
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
