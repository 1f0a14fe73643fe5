import type { FileHandle } from 'node:fs/promises'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** Bytes of an open file; whoever is given it closes it. */
export interface FileSlice {
  readonly handle: FileHandle
  readonly start: number
  readonly bytes: number
}

/** An answer too large to hold: its body is read as fast as the peer takes it. */
export class FileAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: FileSlice

  constructor(status: number, headers: Readonly<Record<string, string>>, body: FileSlice) {
    this.status = status
    this.headers = headers
    this.body = body
  }
}

export const jsonType = 'application/json; charset=utf-8'
