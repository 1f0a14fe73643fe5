// Files of aliases or registration ids, uploaded to be pushed to (jpush.md §3.1.6).
export type PushFileKind = 'alias' | 'registration_id'

export interface PushFile {
  readonly fileId: string
  readonly kind: PushFileKind
  readonly name: string
  /** Epoch ms. */
  readonly createdAt: number
  /** Absent where its uploader has not said how long it is to be kept. */
  readonly expiresAt?: number
}

export interface PushFileOperations {
  /** A file is made, filled chunk by chunk, and finished: only then it can be named. @throws `push_files_full` */
  'push_file.begin': {
    args: { kind: PushFileKind }
    result: { fileId: string }
  }
  /** Chunks count from 1; the same one again takes the place of the first. @throws `push_file_unknown` */
  'push_file.append': {
    args: { fileId: string; chunk: number; entries: readonly string[] }
    result: Record<never, never>
  }
  /** Absent `ttlHours` = as long as may be. @throws `push_file_unknown` */
  'push_file.finish': {
    args: { fileId: string; name: string; ttlHours?: number }
    result: Record<never, never>
  }
  /** The oldest first. */
  'push_file.list': { args: Record<never, never>; result: { files: PushFile[] } }
  /** @throws `push_file_unknown` */
  'push_file.get': { args: { fileId: string }; result: PushFile }
  /** A file that is none is gone as well. */
  'push_file.delete': { args: { fileId: string }; result: Record<never, never> }
}
