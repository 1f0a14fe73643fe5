import type { IncomingMessage } from 'node:http'
import { Refusal } from '../../contract/refusal.ts'

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/**
 * What the WebSocket library would answer in its own words otherwise (RFC 6455 §4.2.1).
 * @throws Refusal `request_invalid`
 */
export function checkHandshake({ method, headers }: IncomingMessage): void {
  const isKey = /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '')
  const isVersion = /^(8|13)$/.test(headers['sec-websocket-version'] ?? '')
  if (method !== 'GET' || !isKey || !isVersion || !areProtocols(headers['sec-websocket-protocol']))
    throw new Refusal('request_invalid', { reason: 'The WebSocket handshake is incomplete' })
}

/** Names, and none of them twice (RFC 6455 §4.1). */
function areProtocols(header: string | undefined): boolean {
  if (header === undefined) return true
  const names = header.split(/[ \t]*,[ \t]*/)
  return names.every(name => token.test(name)) && new Set(names).size === names.length
}
