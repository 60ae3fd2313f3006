import { boxOf } from '../lists/box-of';
import type { StationReadings } from '../stations/station-readings';
import type { KnownPlace } from './find-places';

export function knownStations(stations: readonly StationReadings[]): readonly KnownPlace[] {
  return stations.flatMap(({ name, place }) => {
    const box = place === null ? null : boxOf(place);
    return box === null ? [] : [{ kind: 'station' as const, name, alias: null, box }];
  });
}
