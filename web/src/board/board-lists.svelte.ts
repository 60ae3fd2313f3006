import type {
  BoardFeed,
  Closure,
  Coverage,
  FeatureList,
  ItemList,
  Order,
  Plan,
  Reading,
  Rejection,
  RuleList,
  Station,
  Zone,
} from './api';
import type { CallOut } from './dispatches/call-outs';
import { ListWatch } from './list-watch.svelte';
import type { BoardSession } from './session/board-session.svelte';

/** All that the board asks the server for, of the road manager for whom the person acts. */
export class BoardLists {
  readonly closures: ListWatch<FeatureList<Closure>>;
  readonly feeds: ListWatch<ItemList<BoardFeed>>;
  readonly orders: ListWatch<FeatureList<Order>>;
  readonly zones: ListWatch<FeatureList<Zone>>;
  readonly plans: ListWatch<FeatureList<Plan>>;
  readonly stations: ListWatch<FeatureList<Station>>;
  readonly readings: ListWatch<FeatureList<Reading>>;
  readonly rejections: ListWatch<ItemList<Rejection>>;
  readonly coverage: ListWatch<Coverage>;
  readonly rules: ListWatch<RuleList>;
  readonly dispatches: ListWatch<ItemList<CallOut>>;

  /** The server's time when it was last heard; its night may pass faster than the device's. */
  readonly nowMs: number | null = $derived.by(() => {
    const now = this.closures.answer?.now ?? this.feeds.answer?.now;
    return now === undefined ? null : Date.parse(now);
  });

  constructor(session: BoardSession) {
    const own = () => `manager=${encodeURIComponent(session.membership?.manager.code ?? '')}`;
    const watch = <Answer>(path: () => string, intervalMs: number) =>
      new ListWatch<Answer>(path, () => session, intervalMs);
    this.closures = watch(() => '/api/v1/closures', 3_000);
    this.feeds = watch(() => `/api/v1/feeds?${own()}`, 10_000);
    this.orders = watch(() => `/api/v1/orders?${own()}`, 5_000);
    this.zones = watch(() => `/api/v1/zones?${own()}`, 60_000);
    this.plans = watch(() => `/api/v1/plans?${own()}`, 30_000);
    this.stations = watch(() => '/api/v1/stations', 60_000);
    this.readings = watch(() => '/api/v1/observations', 30_000);
    this.rejections = watch(() => '/api/v1/rejections?limit=500', 30_000);
    this.coverage = watch(() => `/api/v1/coverage?${own()}`, 20_000);
    this.rules = watch(() => '/api/v1/rules', 10_000);
    this.dispatches = watch(() => '/api/v1/dispatches', 5_000);
  }

  start(): () => void {
    const { closures, feeds, orders, zones, plans, stations, readings, rejections, coverage, rules, dispatches } = this;
    const all = [closures, feeds, orders, zones, plans, stations, readings, rejections, coverage, rules, dispatches];
    const stops = all.map((list) => list.start());
    return () => stops.forEach((stop) => stop());
  }
}
