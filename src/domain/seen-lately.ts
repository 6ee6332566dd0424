/**
 * Remembers up to `max` names, the latest, and tells of each whether it has come lately. In two sets of which the older
 * goes as a whole, as a set from which single entries go costs more (docs/performance.md).
 */
export function createSeenLately(max: number): (name: string) => boolean {
  let latest = new Set<string>();
  let before = new Set<string>();
  return (name) => {
    const isKnown = latest.has(name) || before.has(name);
    latest.add(name);
    if (latest.size > max / 2) {
      before = latest;
      latest = new Set();
    }
    return isKnown;
  };
}
