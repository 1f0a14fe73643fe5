// A proof provokes one row of the catalogue by its real cause, over a socket, and says byte for byte what must come.
import type { Dialect, Edition } from '../../src/contract/failure.ts'
import type { FailureId } from '../../src/contract/failures.ts'
import type { Received } from '../http-client.ts'
import type { TestApp } from '../start-app.ts'

export interface Stage {
  /** A server shared by the proofs of one file. Leave its demo app's settings as they are. */
  readonly app: TestApp
  /** A server of its own, for a proof that needs other limits or breaks something. Closed after the proof. */
  start(env: Record<string, string>): Promise<TestApp>
  /** An app of its own on the shared server, with these settings. */
  makeApp(settings?: object): Promise<ProofApp>
}

export interface ProofApp {
  readonly org: string
  readonly app: string
  readonly uuid: string
  readonly client_id: string
  readonly client_secret: string
  readonly app_key: string
  readonly master_secret: string
  /** Base URL in the Easemob dialect. */
  readonly easemob: string
  /** `Authorization` of the app in each dialect. */
  readonly bearer: () => Promise<string>
  readonly basic: string
}

export interface Proof {
  readonly failure: FailureId
  readonly dialect: Dialect
  /** Absent = `seed`. Give one for `live` where its row differs. */
  readonly edition?: Edition
  /** Where a row differs by family, the one this proves. */
  readonly family?: string
  /** A sentence: `a wrong password answers 400 invalid_grant`. */
  readonly title: string
  readonly provoke: (stage: Stage) => Promise<Received>
  readonly status: number
  /** Headers that must be there, exactly or matching; null = must be absent. */
  readonly headers?: Readonly<Record<string, string | RegExp | null>>
  /** The literal body. `<timestamp>`, `<duration>`, `<hex>`, `<uuid>`, `<id>` stand for what varies. */
  readonly body: string
}

/** What varies from run to run, replaced by its placeholder. */
export function normalise(body: string): string {
  return body
    .replace(/"timestamp":\d{13}/g, '"timestamp":<timestamp>')
    .replace(/"duration":\d{1,6}/g, '"duration":<duration>')
    .replace(/BufferedInputStream@[0-9a-f]{6,8}/g, 'BufferedInputStream@<hex>')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>')
    .replace(/"request_id":"[\w-]+"/g, '"request_id":"<id>"')
    .replace(/"msg_id":"\d+"/g, '"msg_id":"<id>"')
}

/** The Easemob envelope, in the vendor's order of members. */
export function easemobError(error: string, exception: string | undefined, text: string): string {
  const thrown = exception === undefined ? '' : `"exception":${JSON.stringify(exception)},`
  return `{"error":${JSON.stringify(error)},"timestamp":<timestamp>,"duration":<duration>,${thrown}"error_description":${JSON.stringify(text)}}`
}

export function jpushError(code: number, message: string): string {
  return `{"error":{"code":${code},"message":${JSON.stringify(message)}}}`
}

export function neutralError(id: string, message: string): string {
  return `{"error":{"id":${JSON.stringify(id)},"message":${JSON.stringify(message)}},"request_id":"<id>"}`
}
