// Uploads and downloads as clients make them, and what lies on the disk of a server.
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import sharp from 'sharp'
import type { EasemobApp } from './easemob-caller.ts'
import type { TestApp } from './start-app.ts'

export interface FileAccess {
  readonly uuid: string
  /** Absent for a file that is not restricted. */
  readonly secret: string | undefined
  readonly url: string
}

export interface Uploaded {
  readonly content?: Buffer | string
  readonly type?: string
  readonly name?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly fields?: Readonly<Record<string, string>>
  readonly path?: string
}

/** Sends a form with one file, as a browser does. */
export function postFile(
  app: Pick<EasemobApp, 'url'>,
  token: string,
  uploaded: Uploaded = {},
): Promise<Response> {
  const { content = 'hello', type = 'text/plain', name = 'a.txt', headers, fields = {} } = uploaded
  const form = new FormData()
  form.append(
    'file',
    new Blob([typeof content === 'string' ? content : new Uint8Array(content)], { type }),
    name,
  )
  for (const [field, value] of Object.entries(fields)) form.append(field, value)
  return fetch(`${app.url}${uploaded.path ?? '/chatfiles'}`, {
    method: 'POST',
    body: form,
    headers: { Authorization: `Bearer ${token}`, ...headers },
  })
}

/** A file of messages, restricted unless the headers say otherwise. */
export async function upload(
  app: Pick<EasemobApp, 'url'>,
  token: string,
  uploaded: Uploaded = {},
): Promise<FileAccess> {
  const response = await postFile(app, token, uploaded)
  const answer = (await response.json()) as any
  if (response.status !== 200) throw new Error(`answered ${response.status} ${JSON.stringify(answer)}`)
  const [{ uuid, 'share-secret': secret }] = answer.entities
  return { uuid, secret, url: `${answer.uri}/${uuid}` }
}

export function download(
  { url, secret }: FileAccess,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Response> {
  return fetch(url, {
    method,
    headers: { ...(secret !== undefined && { 'share-secret': secret }), ...headers },
  })
}

export async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer())
}

/** Of noise, so that no format makes it small. */
export function picture(width: number, height: number, format: 'png' | 'jpeg' | 'webp' | 'gif' = 'png') {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
  return sharp({ create: { width, height, channels: 3, noise, background: 'white' } })
    .toFormat(format)
    .toBuffer()
}

/** Every file below the folder of contents, by its path in it. */
export function contentsOf({ dataDir }: Pick<TestApp, 'dataDir'>): string[] {
  const folder = join(dataDir, 'files')
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .sort()
}
