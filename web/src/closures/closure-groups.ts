import type { Closure } from '../api/closures';
import type { Box, Fact } from '../api/lists';
import { boxOf, touches } from '../lists/box-of';

export type ClosureFact = Fact<Closure>;

/** Winter closures stand apart: they are there for months, and nobody is surprised by them. */
export interface ClosureGroups {
  readonly closed: readonly ClosureFact[];
  readonly winter: readonly ClosureFact[];
  readonly others: readonly ClosureFact[];
}

export type ClosureGroup = keyof ClosureGroups;

export function groupOf({ kind }: Pick<Closure, 'kind'>): ClosureGroup {
  if (kind === 'closed' || kind === 'winter') return kind;
  return 'others';
}

/** Those that hold now before those that do not, the newest first. */
export function closureGroups(closures: readonly ClosureFact[]): ClosureGroups {
  const sorted = [...closures].sort(
    (a, b) =>
      Number(b.properties.holds) - Number(a.properties.holds) ||
      Date.parse(b.properties.since) - Date.parse(a.properties.since),
  );
  const of = (group: ClosureGroup) => sorted.filter(({ properties }) => groupOf(properties) === group);
  return { closed: of('closed'), winter: of('winter'), others: of('others') };
}

export function holdingCount(closures: readonly ClosureFact[]): number {
  return closures.filter(({ properties }) => properties.holds).length;
}

export function inView(closures: readonly ClosureFact[], view: Box | null): readonly ClosureFact[] {
  if (view === null) return closures;
  return closures.filter(({ geometry }) => {
    const box = geometry === null ? null : boxOf(geometry);
    return box !== null && touches(box, view);
  });
}
