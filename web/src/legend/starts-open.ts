/** Only where it leaves the map room enough. */
export function legendStartsOpen(): boolean {
  return matchMedia('(min-width: 720px) and (min-height: 640px)').matches;
}
