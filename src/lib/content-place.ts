// Where the content of files lies below the data folder. Gateways write and read it, the core removes it: both know the
// places from here. Names are made of ids of this server alone, never of anything a client sent.

/** Below the data folder. */
export const contentFolder = 'files'
/** Below that: what is still being written. */
export const incomingFolder = 'incoming'
export const thumbnailSuffix = '.thumb'

const idForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const hex = '0123456789abcdef'

/** The folders that contents are spread over, by the first two digits of their ids. */
export const contentShelves: readonly string[] = [...hex].flatMap(high => [...hex].map(low => high + low))

/** @throws Error for what is no id: nothing else may become part of a path */
export function shelfOf(contentId: string): string {
  if (!idForm.test(contentId)) throw new Error('not the id of a content')
  return contentId.slice(0, 2)
}

/** The id a file in one of the folders belongs to; undefined for a name that is none of ours. */
export function contentIdOf(fileName: string): string | undefined {
  const id = fileName.endsWith(thumbnailSuffix) ? fileName.slice(0, -thumbnailSuffix.length) : fileName
  return idForm.test(id) ? id : undefined
}
