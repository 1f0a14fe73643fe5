// The public address of an image's file: whoever has it may have the file, so its random id is all that keeps it. Vendors
// and phones tell a picture by how its address ends.
import type { ImageFile } from '../../contract/operations/images.ts'

/** Where the routes of this server that belong to no vendor have it. */
export const imageFolder = '/device/v1/images'

const endings = { 'image/jpeg': 'jpg', 'image/png': 'png' } as const
export type PushImageType = keyof typeof endings

const nameForm = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.(?:jpg|png)$/

/** Of its place below the folder. */
export function imageNameOf({ fileId, type }: Pick<ImageFile, 'fileId' | 'type'>): string {
  return `${fileId}.${endings[type as PushImageType]}`
}

/** Undefined for what is no such name. */
export function fileIdIn(name: string): string | undefined {
  return nameForm.exec(name)?.[1]
}
