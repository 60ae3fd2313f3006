/** The parts of the board, as the address names them. */
export const sectionNames = ['overview', 'dispatches', 'coverage', 'data', 'accounts'] as const;

export type SectionName = (typeof sectionNames)[number];

export function sectionOf(search: string): SectionName {
  const name = new URLSearchParams(search).get('section');
  return sectionNames.find((known) => known === name) ?? 'overview';
}

export function withSection({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>, name: SectionName): string {
  return pathname + (name === 'overview' ? '' : `?section=${name}`) + hash;
}

/** The token of a link with which a person chooses a password. Browsers send what follows # to no server. */
export function invitationOf(hash: string): string | null {
  const token = /^#invitation=([0-9a-f]{64})$/.exec(hash)?.[1];
  return token ?? null;
}

export function withoutInvitation({ pathname, search }: Pick<Location, 'pathname' | 'search'>): string {
  return pathname + search;
}
