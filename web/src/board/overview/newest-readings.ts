import type { FeatureList, Reading, Station } from '../api';

/** What of a station is shown beside its threshold, best first. */
const PREFERRED = ['depth_cm', 'snowfall_24h_cm', 'snowfall_12h_cm', 'snowfall_6h_cm', 'snowfall_1h_cm'];

export interface StationReading {
  readonly key: string;
  readonly station: Station;
  /** The newest of the quantity that counts; null where nothing was read lately. */
  readonly reading: Reading | null;
}

/** Each station with its newest reading of snow. */
export function stationReadings(
  stations: FeatureList<Station>,
  readings: FeatureList<Reading> | null,
): StationReading[] {
  const ofStation = new Map<string, Reading[]>();
  for (const { properties } of readings?.features ?? []) {
    const key = `${properties.feed}/${properties.station}`;
    ofStation.set(key, [...(ofStation.get(key) ?? []), properties]);
  }
  return stations.features.map(({ properties: station }) => {
    const key = `${station.feed}/${station.station}`;
    const own = ofStation.get(key) ?? [];
    const reading = PREFERRED.map((quantity) => own.find((found) => found.quantity === quantity)).find(
      (found) => found !== undefined,
    );
    return { key, station, reading: reading ?? null };
  });
}
