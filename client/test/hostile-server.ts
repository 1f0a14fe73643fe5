// A server that answers as it is told, byte for byte, one script a request; the last script answers what comes after.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Has the request, and does what it likes with the connection. */
export type Script = (socket: Socket, asked: Asked) => void

export class HostileServer {
  readonly asked: Asked[] = []
  #scripts: Script[]
  #server: Server
  #sockets = new Set<Socket>()

  private constructor(scripts: Script[]) {
    this.#scripts = scripts
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', chunk => chunks.push(chunk))
      request.on('end', () => {
        const asked = {
          method: request.method!,
          path: request.url!,
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
        }
        this.asked.push(asked)
        // Whatever is written now is written by the script.
        response.detachSocket(request.socket)
        const script = this.#scripts.length > 1 ? this.#scripts.shift()! : this.#scripts[0]!
        script(request.socket, asked)
      })
    })
    this.#server.keepAliveTimeout = 60_000
    this.#server.on('connection', socket => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  static async start(t: { after(fn: () => void): void }, ...scripts: Script[]): Promise<HostileServer> {
    const server = new HostileServer(scripts)
    await new Promise<void>(resolve => server.#server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close())
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}

/** A whole answer; the connection ends with it. */
export function answer(status: number, body: string | object, headers: Record<string, string> = {}): Script {
  return socket => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(
      `HTTP/1.1 ${status} X\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n${lines.join('')}\r\n${text}`,
    )
  }
}

/** These bytes, then the end. */
export const bytes =
  (text: string): Script =>
  socket =>
    void socket.end(text)

/** The connection is reset without a byte. */
export const reset: Script = socket => socket.resetAndDestroy()

/** Nothing comes, ever. */
export const silence: Script = () => {}

/** A port where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
