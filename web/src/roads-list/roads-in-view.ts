import type { TappedRoad } from '../map/tapped-road';

/** The worst first, and before what is well what is not known: see the states' codes. */
const WORST_FIRST = [6, 3, 1, 5, 2, 4, 8, 7, 0];

export interface RoadInView {
  readonly key: string;
  readonly name: string | null;
  readonly stateCode: number;
  /** When the longest uncleared of its stretches was cleared; null where one never was. */
  readonly clearedAtMs: number | null;
  readonly stretchCount: number;
  /** The stretch that a tap shows. */
  readonly road: TappedRoad;
}

interface Stretch {
  readonly road: TappedRoad;
  readonly stateCode: number;
  readonly clearedAtMs: number | null;
}

/** Stretches of one name in one state are one entry, for a list that can be read. */
export function roadsInView(roads: readonly TappedRoad[]): readonly RoadInView[] {
  const groups = new Map<string, { name: string | null; stretches: Stretch[] }>();
  const seen = new Set<number>();
  for (const road of roads) {
    if (seen.has(road.segmentId)) continue;
    seen.add(road.segmentId);
    const stretch = worstSide(road);
    const name = road.name || road.ref || null;
    const key = `${name ?? ''}/${stretch.stateCode}`;
    const group = groups.get(key) ?? { name, stretches: [] };
    group.stretches.push(stretch);
    groups.set(key, group);
  }
  return [...groups]
    .map(([key, { name, stretches }]) => {
      const oldest = stretches.reduce((worst, next) => (ageRank(next) < ageRank(worst) ? next : worst));
      return { key, name, stretchCount: stretches.length, ...oldest };
    })
    .sort(
      (a, b) =>
        stateRank(a.stateCode) - stateRank(b.stateCode) ||
        ageRank(a) - ageRank(b) ||
        (a.name ?? '\uffff').localeCompare(b.name ?? '\uffff', 'ja'),
    );
}

function worstSide(road: TappedRoad): Stretch {
  const sides = [road.status.forward, road.status.backward]
    .filter((side) => side !== null)
    .map(({ state_code, cleared_at }) => ({
      road,
      stateCode: state_code,
      clearedAtMs: cleared_at === null ? null : Date.parse(cleared_at),
    }));
  const [first, ...others] = sides;
  if (first === undefined) return { road, stateCode: 0, clearedAtMs: null };
  const rank = (side: Stretch) => stateRank(side.stateCode);
  return others.reduce(
    (worst, side) =>
      rank(side) < rank(worst) || (rank(side) === rank(worst) && ageRank(side) < ageRank(worst)) ? side : worst,
    first,
  );
}

function stateRank(code: number): number {
  const rank = WORST_FIRST.indexOf(code);
  return rank === -1 ? WORST_FIRST.length : rank;
}

function ageRank({ clearedAtMs }: { clearedAtMs: number | null }): number {
  return clearedAtMs ?? -Infinity;
}
