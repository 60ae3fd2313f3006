export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

export function distanceToLinePx(point: ScreenPoint, line: readonly ScreenPoint[]): number {
  let nearest = Infinity;
  for (let i = 1; i < line.length; i++) {
    nearest = Math.min(nearest, distanceToStretchPx(point, line[i - 1]!, line[i]!));
  }
  return nearest;
}

function distanceToStretchPx(point: ScreenPoint, start: ScreenPoint, end: ScreenPoint): number {
  const dx = end.x - start.x;
  const dy = end.y - start.y;
  const lengthSquared = dx * dx + dy * dy;
  const along = lengthSquared === 0 ? 0 : ((point.x - start.x) * dx + (point.y - start.y) * dy) / lengthSquared;
  const clamped = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - start.x - clamped * dx, point.y - start.y - clamped * dy);
}
