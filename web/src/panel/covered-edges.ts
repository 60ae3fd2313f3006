/** How far a panel reaches over the map from its edges. */
export interface CoveredEdges {
  readonly rightPx: number;
  readonly bottomPx: number;
}

export const NOTHING_COVERED: CoveredEdges = { rightPx: 0, bottomPx: 0 };
