/** The tile layer's `status`: a decimal whose digits, from the right, each say one thing. */
export interface SegmentStatus {
  readonly forwardStateCode: number;
  readonly backwardStateCode: number;
  readonly workKindDigit: number;
  readonly newSnowDigit: number;
  readonly dispatchDigit: number;
  readonly confidenceDigit: number;
}

export function decodeStatus(status: number): SegmentStatus {
  const digit = (place: number) => Math.floor(status / 10 ** place) % 10;
  return {
    forwardStateCode: digit(0),
    backwardStateCode: digit(1),
    workKindDigit: digit(2),
    newSnowDigit: digit(3),
    dispatchDigit: digit(4),
    confidenceDigit: digit(5),
  };
}
