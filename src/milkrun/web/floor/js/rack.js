// What this phone knows of a rack that is being packed: its open slots with the numbers that belong there. It tells which
// slot a scan is meant for, also without a network, so that two people at one rack are told apart when both are back.

const plain = (text) => text.replace(/\s/g, "").toUpperCase();

/** Take the scanned part off the first open slot: which slot that is ("" where nothing is known), and what is left then. */
export function taken(slots, scan) {
  const [first, ...others] = slots ?? [];
  if (!first) return { slot: "", slots };
  const at = first.parts.findIndex((numbers) => numbers.includes(plain(scan)));
  if (at < 0) return { slot: String(first.slot), slots };
  const parts = first.parts.filter((_, index) => index !== at);
  return { slot: String(first.slot), slots: parts.length ? [{ ...first, parts }, ...others] : others };
}

/** Say which slot is next and what belongs there; null where nothing is known of the rack, {} where it is full. */
export function next(slots) {
  if (!slots) return null;
  const [first] = slots;
  return first ? { slot: first.slot, part: first.parts.map((numbers) => numbers[0]).join(", ") } : {};
}

/** Ask the plant for a rack's open slots; undefined where there is no network or no such rack. */
export async function openSlots(door, subject) {
  try {
    const reply = await fetch(`${door}?scan=${encodeURIComponent(subject)}`, { redirect: "manual", signal: AbortSignal.timeout(5000) });
    return reply.ok ? (await reply.json()).slots : undefined;
  } catch {
    return undefined;
  }
}
