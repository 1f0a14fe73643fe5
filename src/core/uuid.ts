import { randomBytes } from 'node:crypto'

/** A version-1 UUID (RFC 9562 §5.1) of a random node: the form Easemob's entities carry. */
export function uuidV1(nowMs: number): string {
  const ticks = (BigInt(nowMs) + 12_219_292_800_000n) * 10_000n
  const bytes = randomBytes(16)
  bytes.writeUInt32BE(Number(ticks & 0xffffffffn), 0)
  bytes.writeUInt16BE(Number((ticks >> 32n) & 0xffffn), 4)
  bytes.writeUInt16BE(0x1000 | Number((ticks >> 48n) & 0x0fffn), 6)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  bytes[10] = bytes[10]! | 1
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
