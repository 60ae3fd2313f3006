import type { FeatureList, Order, Zone } from '../api';

export interface ZoneRow {
  readonly zone: string;
  readonly name: string;
  readonly order: Order | null;
}

/** The zones of a manager with what was published and reported of each; those reported of come first. */
export function zoneRows(zones: FeatureList<Zone> | null, orders: FeatureList<Order>): ZoneRow[] {
  const rows = new Map<string, ZoneRow>();
  for (const { properties: order } of orders.features) {
    rows.set(order.zone, { zone: order.zone, name: order.name ?? '', order });
  }
  for (const { properties } of zones?.features ?? []) {
    const known = rows.get(properties.zone);
    rows.set(properties.zone, { zone: properties.zone, name: properties.name, order: known?.order ?? null });
  }
  const reportedAt = ({ order }: ZoneRow) => order?.report?.at ?? '';
  return [...rows.values()].sort(
    (a, b) => reportedAt(b).localeCompare(reportedAt(a)) || a.zone.localeCompare(b.zone, 'ja', { numeric: true }),
  );
}
