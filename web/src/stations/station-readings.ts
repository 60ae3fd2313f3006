import type { Point } from 'geojson';
import type { Fact } from '../api/lists';
import type { Observation, QualityFlag, Station } from '../api/stations';
import type { Bilingual } from '../language';

/** How far back a trend looks, and the least time it must span. */
export const TREND_WITHIN_MS = 4 * 3_600_000;
const LEAST_TREND_MS = 50 * 60_000;
const HOUR_MS = 3_600_000;

export interface DepthReading {
  readonly atMs: number;
  /** Null where the station gave none: never 0. */
  readonly cm: number | null;
  readonly flag: QualityFlag;
  readonly reason: string | null;
}

export interface StationReadings {
  readonly key: string;
  readonly name: Bilingual;
  readonly feed: string;
  readonly elevationM: number | null;
  readonly place: Point | null;
  readonly depth: DepthReading | null;
  /** The newest depth that may be believed, where the newest of all may not. */
  readonly lastGood: DepthReading | null;
  /** Null where too few readings may be believed. */
  readonly trendCmPerHour: number | null;
  readonly temperatureC: number | null;
}

/** Each station with what it says; those without a reading too. */
export function stationReadings(
  stations: readonly Fact<Station>[],
  observations: readonly Fact<Observation>[],
): readonly StationReadings[] {
  const byStation = new Map<string, Observation[]>();
  for (const { properties } of observations) {
    const key = `${properties.feed}/${properties.station}`;
    byStation.set(key, [...(byStation.get(key) ?? []), properties]);
  }
  return stations.map(({ geometry, properties: station }) => {
    const key = `${station.feed}/${station.station}`;
    const own = byStation.get(key) ?? [];
    const depths = own.filter(({ quantity }) => quantity === 'depth_cm').map(depthReading).sort((a, b) => b.atMs - a.atMs);
    const good = depths.filter(isBelieved);
    const depth = depths[0] ?? null;
    return {
      key,
      name: station.name,
      feed: station.feed,
      elevationM: station.elevation_m,
      place: geometry?.type === 'Point' ? geometry : null,
      depth,
      lastGood: depth === null || isBelieved(depth) ? null : (good[0] ?? null),
      trendCmPerHour: trend(good),
      temperatureC: newestValue(own.filter(({ quantity }) => quantity === 'temperature_c')),
    };
  });
}

export function isBelieved({ cm, flag }: DepthReading): boolean {
  return cm !== null && (flag === 'pass' || flag === 'suspect');
}

function depthReading({ observed_at, value, flag, reason }: Observation): DepthReading {
  return {
    atMs: Date.parse(observed_at),
    cm: value,
    flag: flag ?? (value === null ? 'missing' : 'pass'),
    reason: reason || null,
  };
}

/** From the oldest to the newest of these, which come newest first. */
function trend(good: readonly DepthReading[]): number | null {
  const [newest, oldest] = [good[0], good.at(-1)];
  if (newest === undefined || oldest === undefined || newest.cm === null || oldest.cm === null) return null;
  const spanMs = newest.atMs - oldest.atMs;
  return spanMs < LEAST_TREND_MS ? null : ((newest.cm - oldest.cm) * HOUR_MS) / spanMs;
}

function newestValue(readings: readonly Observation[]): number | null {
  const usable = readings.filter(({ flag }) => flag !== 'fail' && flag !== 'missing');
  const newest = [...usable].sort((a, b) => Date.parse(b.observed_at) - Date.parse(a.observed_at))[0];
  return newest?.value ?? null;
}

/** Deepest first; those that say nothing last. */
export function deepestFirst(stations: readonly StationReadings[]): readonly StationReadings[] {
  const depthCm = ({ depth }: StationReadings) => (depth !== null && isBelieved(depth) ? (depth.cm ?? -1) : -1);
  return [...stations].sort((a, b) => depthCm(b) - depthCm(a) || a.key.localeCompare(b.key));
}
