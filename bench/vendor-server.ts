// A vendor that takes everything at once, by HTTP/2: counts requests and connections. Forked; tells where it is, then, when
// asked, how much has come.
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { peerCertificate } from '../test/peers/certificate.ts'

const streamsMax = 1_000
const counter = { requests: 0, connections: 0 }

const server = createSecureServer({
  ...peerCertificate(),
  settings: { maxConcurrentStreams: streamsMax },
})
server.on('session', () => {
  counter.connections++
})
server.on('stream', stream => {
  stream.resume()
  stream.on('end', () => {
    counter.requests++
    stream.respond({ ':status': 200, 'apns-id': '00000000-0000-0000-0000-000000000000' }, { endStream: true })
  })
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.send?.({ url: `https://127.0.0.1:${port}`, cert: peerCertificate().cert })
})
process.on('message', () => process.send?.(counter))
process.on('disconnect', () => process.exit(0))
