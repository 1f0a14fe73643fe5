// Sets of whole numbers as bits, cut into chunks of equal size so that a set over many numbers is kept piece by piece.

const chunkBits = 4_096

/** Which chunk holds `number`. */
export function chunkOf(number: number): number {
  return Math.floor(number / chunkBits)
}

/** @param chunk the bits of the chunk that holds `number`; null = none is set */
export function hasBit(chunk: Uint8Array | null, number: number): boolean {
  const bit = number % chunkBits
  return chunk !== null && (chunk[bit >> 3]! & (1 << (bit & 7))) !== 0
}

/** A chunk like `chunk` with the bits of `numbers` set, and how many of them were not set before. */
export function withBits(
  chunk: Uint8Array | null,
  numbers: readonly number[],
): { readonly chunk: Uint8Array; readonly added: number } {
  const bits = new Uint8Array(chunkBits / 8)
  if (chunk) bits.set(chunk)
  let added = 0
  for (const number of numbers) {
    if (hasBit(bits, number)) continue
    const bit = number % chunkBits
    bits[bit >> 3]! |= 1 << (bit & 7)
    added++
  }
  return { chunk: bits, added }
}
