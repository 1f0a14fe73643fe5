// Access tokens in the recorded form (easemob.md §1.4): "YWMt" + base64url of a version-1 UUID, the expiry (epoch ms,
// big-endian) and 20 bytes of a keyed digest. The UUID's node field names the owner, so that a token is checked
// without a look-up; a user's `tokens_from` revokes all that were issued before it.
import { createHmac, createSecretKey, type KeyObject, randomInt, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import { Lru } from '../lib/lru.ts'

const prefix = 'YWMt'
const payloadBytes = 44
const signedBytes = 24
/** Later deployments of the vendor issue 130 characters: well-formed, never ours (easemob.md §1.4). */
const shapes: ReadonlySet<number> = new Set([63, 130])
/** Between 1582-10-15, where UUID time begins, and 1970, in 100 ns (RFC 9562 §5.1). */
const uuidEpoch = 0x01b21dd213814000n
const neverMs = 0x7fffffffffffffffn
const ownersMax = 2 ** 46
const clockSkewMs = 300_000
const cachedTokensMax = 20_000

export type Owner =
  | { readonly kind: 'app'; readonly id: number }
  | { readonly kind: 'user'; readonly id: number }

export interface TokenFacts {
  readonly owner: Owner
  /** Microseconds since 1970. */
  readonly issuedAt: number
  /** Epoch ms; Infinity = never. */
  readonly expiresAt: number
}

export type TokenState = 'corrupt' | 'unknown' | 'expired'

export class Tokens {
  readonly #key: KeyObject
  readonly #clock: Clock
  readonly #verified = new Lru<string, TokenFacts>(cachedTokensMax)
  #lastMicros = 0

  /** @param secret at least 32 random bytes, this deployment's own */
  constructor(secret: Uint8Array, clock: Clock) {
    this.#key = createSecretKey(secret)
    this.#clock = clock
  }

  /** A moment (µs since 1970) later than that of every token issued so far: the mark that revokes them all. */
  revocationMark(): number {
    this.#lastMicros = Math.max(this.#lastMicros + 1, this.#clock.now() * 1_000)
    return this.#lastMicros
  }

  /** @param ttlSeconds 0 = never expires */
  issue(owner: Owner, ttlSeconds: number): string {
    if (owner.id >= ownersMax) throw new RangeError('owner id past 46 bits')
    const issuedAt = this.revocationMark()
    const payload = Buffer.alloc(payloadBytes)
    const ticks = BigInt(issuedAt) * 10n + uuidEpoch
    payload.writeUInt32BE(Number(ticks & 0xffffffffn), 0)
    payload.writeUInt16BE(Number((ticks >> 32n) & 0xffffn), 4)
    payload.writeUInt16BE(0x1000 | Number((ticks >> 48n) & 0x0fffn), 6)
    payload.writeUInt16BE(0x8000 | randomInt(0x4000), 8)
    payload.writeUIntBE(toNode(owner), 10, 6)
    const expiresAt = ttlSeconds === 0 ? neverMs : BigInt(Math.floor(issuedAt / 1_000) + ttlSeconds * 1_000)
    payload.writeBigInt64BE(expiresAt, 16)
    this.#digest(payload).copy(payload, signedBytes)
    return prefix + payload.toString('base64url')
  }

  /** Seed S-11 … S-13: a token is corrupt by its form, unknown by its signature, expired by its time. */
  read(token: string): TokenFacts | TokenState {
    const facts = this.#verified.get(token) ?? this.#verify(token)
    if (typeof facts === 'string') return facts
    return facts.expiresAt <= this.#clock.now() ? 'expired' : facts
  }

  #verify(token: string): TokenFacts | TokenState {
    if (!shapes.has(token.length) || !token.startsWith(prefix) || !/^[A-Za-z0-9_-]+$/.test(token))
      return 'corrupt'
    if (token.length !== 63) return 'unknown'
    const payload = Buffer.from(token.slice(prefix.length), 'base64url')
    const isUuidV1 = (payload[6]! & 0xf0) === 0x10 && (payload[8]! & 0xc0) === 0x80
    if (payload.length !== payloadBytes || !isUuidV1) return 'corrupt'
    // Another spelling of the same bytes (spare bits of the last character) is not a token we issued.
    if (payload.toString('base64url') !== token.slice(prefix.length)) return 'corrupt'
    if (!timingSafeEqual(this.#digest(payload), payload.subarray(signedBytes))) return 'unknown'
    const facts = factsOf(payload)
    if (facts.issuedAt / 1_000 > this.#clock.now() + clockSkewMs) return 'corrupt'
    this.#verified.set(token, facts)
    return facts
  }

  #digest(payload: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(payload.subarray(0, signedBytes)).digest().subarray(0, 20)
  }
}

function factsOf(payload: Buffer): TokenFacts {
  const ticks =
    (BigInt(payload.readUInt16BE(6) & 0x0fff) << 48n) |
    (BigInt(payload.readUInt16BE(4)) << 32n) |
    BigInt(payload.readUInt32BE(0))
  const expiry = payload.readBigInt64BE(16)
  return {
    owner: fromNode(payload.readUIntBE(10, 6)),
    issuedAt: Number((ticks - uuidEpoch) / 10n),
    expiresAt: expiry === neverMs ? Number.POSITIVE_INFINITY : Number(expiry),
  }
}

/** The multicast bit marks a node that is no network card (RFC 9562 §6.10); the next bit tells users from apps. */
function toNode({ kind, id }: Owner): number {
  const high = Math.floor(id / 2 ** 40)
  const first = high * 4 + (kind === 'user' ? 2 : 0) + 1
  return first * 2 ** 40 + (id % 2 ** 40)
}

function fromNode(node: number): Owner {
  const first = Math.floor(node / 2 ** 40)
  const id = Math.floor(first / 4) * 2 ** 40 + (node % 2 ** 40)
  return { kind: first & 2 ? 'user' : 'app', id }
}
