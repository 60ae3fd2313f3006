/** Ground and stripes of a closure's barrier, by its group. */
export const CLOSURE_COLOURS = {
  ground: { closed: '#d3002d', winter: '#4b5fd6', others: '#ffc24b' },
  stripes: { closed: '#ffffff', winter: '#cfe0ff', others: '#3a2a00' },
} as const;
