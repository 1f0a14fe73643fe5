// Files: what clients attach to messages, and what is shared in a group or room. Their content never crosses the link: a
// gateway has put it, whole and safe from power loss, where the core looks for it (lib/content-place.ts), and then asks
// for the row that makes it a file. Content without a row is nothing, and is swept away.
import type { GroupRef } from './groups.ts'

export interface NewFile {
  /** A random uuid, that of the content. */
  readonly fileId: string
  readonly name: string
  /** Media type, as the uploader called it. */
  readonly type: string
  readonly bytes: number
}

/** The box its thumbnail fits into, in pixels, should it be an image. */
export interface ThumbnailBox {
  readonly width: number
  readonly height: number
}

export interface StoredFile extends NewFile {
  readonly thumbnail: ThumbnailBox
}

export interface SharedFile extends NewFile {
  /** A username; '' = the app's own server. */
  readonly owner: string
  /** Epoch ms. */
  readonly createdAt: number
}

export interface FileOperations {
  /** `secret` only where the file is restricted; it is told once. */
  'file.add': {
    args: NewFile & { thumbnail: ThumbnailBox; isRestricted: boolean }
    result: { fileId: string; secret?: string }
  }
  /**
   * A file somebody wants to download. Whoever has the secret, or the id of a file that is not restricted, needs no
   * token.
   * @throws `token_missing`, `file_unknown`, `file_expired`, `file_secret_wrong`
   */
  'file.get': { args: { fileId: string; secret?: string }; result: { file: StoredFile } }

  /** @throws `group_unknown`, `file_forbidden` when a user is no member, `group_files_too_many` */
  'group_file.add': { args: GroupRef & NewFile; result: { file: SharedFile } }
  /** Newest first. @throws `group_unknown`, `file_forbidden` */
  'group_file.list': {
    args: GroupRef & { offset: number; limit: number }
    result: { files: SharedFile[] }
  }
  /** @throws `group_unknown`, `file_forbidden`, `file_unknown` */
  'group_file.get': { args: GroupRef & { fileId: string }; result: { file: StoredFile } }
  /**
   * A member may delete what it shared, the owner and admins everything.
   * @throws `group_unknown`, `file_forbidden`, `file_unknown`
   */
  'group_file.delete': { args: GroupRef & { fileId: string }; result: Record<never, never> }
}
