// A name server that finds a name, or fails as it is told: one answer a question, the last one for all that come after.
import { createSocket } from 'node:dgram'
import { type LookupOptions, Resolver } from 'node:dns'
import type { AddressInfo } from 'node:net'

/** What it answers: an address, one of DNS's own codes, or not at all. */
export type Answer = 'found' | 'format' | 'failure' | 'no such name' | 'refused' | 'nothing'

const codes = { found: 0, format: 1, failure: 2, 'no such name': 3, refused: 5 } as const
/** 127.0.0.1, for no time at all. */
const record = Buffer.from('c00c00010001000000000004' + '7f000001', 'hex')

export interface NameServer {
  /** For connections: asks this server alone. */
  readonly lookup: (
    name: string,
    options: LookupOptions,
    done: (error: Error | null, addresses?: { address: string; family: number }[]) => void,
  ) => void
  readonly asked: () => number
}

export async function startNameServer(
  t: { after(fn: () => void): void },
  answers: readonly Answer[],
): Promise<NameServer> {
  const left = [...answers]
  let asked = 0
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    asked++
    const answer = left.length > 1 ? left.shift()! : left[0]!
    if (answer === 'nothing') return
    const end = question.indexOf(0, 12) + 5
    const reply = Buffer.from(question.subarray(0, end))
    const isFound = answer === 'found'
    reply.writeUInt16BE(0x8180 | codes[answer], 2)
    reply.writeUInt16BE(isFound ? 1 : 0, 6)
    reply.writeUInt32BE(0, 8)
    socket.send(isFound ? Buffer.concat([reply, record]) : reply, port, address)
  })
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  const resolver = new Resolver({ timeout: 50, tries: 1 })
  resolver.setServers([`127.0.0.1:${(socket.address() as AddressInfo).port}`])
  t.after(() => socket.close())
  return {
    asked: () => asked,
    lookup: (name, _options, done) =>
      resolver.resolve4(name, (error, found) =>
        error ? done(error) : done(null, [{ address: found[0]!, family: 4 }]),
      ),
  }
}

/** The runtime's own `fetch`, whose connections look names up so. @param more such as whom to trust */
export async function fetchWith(
  { lookup }: NameServer,
  more: { readonly ca?: string } = {},
): Promise<typeof fetch> {
  // The runtime makes its dispatcher with its first request, and shows the class no other way.
  await fetch('http://127.0.0.1:0').catch(() => {})
  const { constructor: Agent } = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'))
  const dispatcher = new Agent({ connect: { lookup, ...more } })
  return (input, init) => fetch(input, { ...init, dispatcher } as RequestInit)
}
