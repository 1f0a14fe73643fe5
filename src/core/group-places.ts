// Cursors of pages that are ordered by a moment and an id: the place of the last entry shown.

export type Place = readonly [at: number, id: number]

/** Before every place, and after every place. */
export const firstPlace: Place = [-1, -1]
export const lastPlace: Place = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]

export function toCursor(place: Place): string {
  return Buffer.from(place.join('_')).toString('base64url')
}

/** Undefined for what is no cursor: such a page begins at the start (easemob.md §1.11). */
export function readCursor(cursor: string | undefined): Place | undefined {
  if (!cursor) return undefined
  const found = /^(\d{1,16})_(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  return found ? [Number(found[1]), Number(found[2])] : undefined
}
