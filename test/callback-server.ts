// An app's own server that takes callbacks, for tests: it keeps what it is told, and answers as the test says.
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Changes } from './changes.ts'

interface Scope {
  after(fn: () => Promise<void> | void): void
}

export interface Told {
  readonly path: string
  readonly body: any
  /** The body as it came. */
  readonly text: string
}

export type Answer = (response: ServerResponse, told: Told) => void

export const answerWith =
  (json: unknown, status = 200): Answer =>
  response =>
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json))

export class CallbackServer {
  readonly #server: Server
  readonly told: Told[] = []
  answer: Answer = answerWith({})
  readonly #changes = new Changes()

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const text = Buffer.concat(chunks).toString()
      const told = { path: request.url ?? '', body: JSON.parse(text), text }
      this.told.push(told)
      this.#changes.tell()
      this.answer(response, told)
    })
  }

  /** @param port absent = any that is free */
  static async start(scope: Scope, port = 0): Promise<CallbackServer> {
    const server = new CallbackServer()
    server.#server.listen(port, '127.0.0.1')
    await once(server.#server, 'listening')
    scope.after(() => server.stop())
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** What it was told, once there is so much. @throws Error when it is told nothing for too long */
  async heard(count: number): Promise<Told[]> {
    const missing = () => `told ${this.told.length} times, not ${count}`
    await this.#changes.until(() => this.told.length >= count, missing)
    return this.told
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}
