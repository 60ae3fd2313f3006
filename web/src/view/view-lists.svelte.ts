import type { Closure } from '../api/closures';
import type { Box } from '../api/lists';
import type { Order, Plan } from '../api/plans';
import type { Observation, Station } from '../api/stations';
import { ListWatch } from '../lists/list-watch.svelte';
import { stationReadings, TREND_WITHIN_MS, type StationReadings } from '../stations/station-readings';

const CLOSURES_MS = 20_000;
const WORK_MS = 60_000;
const READINGS_MS = 120_000;

/** The lists of what lies in the map's view. */
export class ViewLists {
  readonly closures = new ListWatch<Closure>('/api/v1/closures', CLOSURES_MS);
  readonly plans = new ListWatch<Plan>('/api/v1/plans', WORK_MS);
  readonly orders = new ListWatch<Order>('/api/v1/orders', WORK_MS);
  readonly stationList = new ListWatch<Station>('/api/v1/stations', READINGS_MS);
  readonly observations: ListWatch<Observation>;

  constructor(serverNowMs: () => number) {
    this.observations = new ListWatch<Observation>('/api/v1/observations', READINGS_MS, () => ({
      since: new Date(serverNowMs() - TREND_WITHIN_MS).toISOString(),
    }));
  }

  get stations(): readonly StationReadings[] {
    return stationReadings(this.stationList.items, this.observations.items);
  }

  start(): () => void {
    const stops = this.#all().map((list) => list.start());
    return () => stops.forEach((stop) => stop());
  }

  look(box: Box): void {
    this.#all().forEach((list) => list.look(box));
  }

  /** When the server says that something on the network has changed. */
  refresh(): void {
    this.closures.refresh();
    this.plans.refresh();
    this.orders.refresh();
  }

  #all() {
    return [this.closures, this.plans, this.orders, this.stationList, this.observations];
  }
}
