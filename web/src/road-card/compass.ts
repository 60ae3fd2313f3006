import type { LineString } from 'geojson';
import type { TravelDirection } from '../api/segments';
import type { Text } from '../language';
import { messages } from '../i18n';

const EIGHT_WINDS = [
  { ja: '北', en: 'North' },
  { ja: '北東', en: 'North-east' },
  { ja: '東', en: 'East' },
  { ja: '南東', en: 'South-east' },
  { ja: '南', en: 'South' },
  { ja: '南西', en: 'South-west' },
  { ja: '西', en: 'West' },
  { ja: '北西', en: 'North-west' },
] as const;

/** A road that comes back nearly to where it starts leads nowhere in particular. */
const LEAST_CHORD_SHARE = 0.2;

export function directionText(line: LineString, direction: TravelDirection): Text {
  const bearing = chordBearingDeg(line);
  if (bearing === null) return direction === 'forward' ? messages.alongLine : messages.againstLine;
  const travelled = direction === 'forward' ? bearing : bearing + 180;
  const wind = EIGHT_WINDS[Math.round(travelled / 45) % 8]!;
  return { ja: `${wind.ja}方向`, en: `${wind.en}-bound`, easy: `${wind.ja}へ 行く ほうこう` };
}

/** From the first point to the last, clockwise from north; null for a loop. */
export function chordBearingDeg({ coordinates }: LineString): number | null {
  const first = coordinates[0];
  const last = coordinates.at(-1);
  if (first === undefined || last === undefined) return null;
  const metres = metresAround(first[1]!);
  const [east, north] = metres(first, last);
  let lengthM = 0;
  for (let i = 1; i < coordinates.length; i++) {
    lengthM += Math.hypot(...metres(coordinates[i - 1]!, coordinates[i]!));
  }
  if (lengthM === 0 || Math.hypot(east, north) < LEAST_CHORD_SHARE * lengthM) return null;
  return (Math.atan2(east, north) * (180 / Math.PI) + 360) % 360;
}

function metresAround(latitudeDeg: number) {
  const metresPerDegree = 111_320;
  const shrink = Math.cos((latitudeDeg * Math.PI) / 180);
  return (from: number[], to: number[]): [east: number, north: number] => [
    (to[0]! - from[0]!) * metresPerDegree * shrink,
    (to[1]! - from[1]!) * metresPerDegree,
  ];
}
