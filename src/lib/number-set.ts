// Sets of whole numbers as bits, in memory: those that several sets have in common are found word by word.

const chunkBits = 16_384
const wordsPerChunk = chunkBits / 32
/** The bits, and what a process grew by beside them: 560 to 900 bytes in sets of 62 chunks, 200 and 1,000 of them. */
const bytesPerChunk = chunkBits / 8 + 900

export class NumberSet {
  readonly #chunks = new Map<number, Uint32Array>()

  /** What it holds in memory. */
  get bytes(): number {
    return this.#chunks.size * bytesPerChunk
  }

  /** @returns by how many bytes it has grown */
  add(number: number): number {
    const chunk = Math.floor(number / chunkBits)
    const bit = number - chunk * chunkBits
    const known = this.#chunks.get(chunk)
    const words = known ?? new Uint32Array(wordsPerChunk)
    words[bit >> 5]! |= 1 << (bit & 31)
    if (known) return 0
    this.#chunks.set(chunk, words)
    return bytesPerChunk
  }

  wordsOf(chunk: number): Uint32Array | undefined {
    return this.#chunks.get(chunk)
  }

  /** The chunks that hold any number. */
  get chunks(): Iterable<number> {
    return this.#chunks.keys()
  }
}

/** The numbers that are in any set of the first list, and in any of the second, and so on; the greatest first. */
export function* inEach(lists: readonly (readonly NumberSet[])[]): Generator<number> {
  const [first = [], ...others] = lists
  const chunks = new Set(first.flatMap(set => [...set.chunks]))
  for (const chunk of [...chunks].sort((a, b) => b - a)) {
    const common = inAny(first, chunk)
    for (const list of others) {
      const words = inAny(list, chunk)
      for (let word = 0; word < wordsPerChunk; word++) common[word]! &= words[word]!
    }
    yield* numbersIn(common, chunk * chunkBits)
  }
}

function inAny(sets: readonly NumberSet[], chunk: number): Uint32Array {
  const any = new Uint32Array(wordsPerChunk)
  for (const set of sets) {
    const words = set.wordsOf(chunk)
    if (words) for (let word = 0; word < wordsPerChunk; word++) any[word]! |= words[word]!
  }
  return any
}

function* numbersIn(words: Uint32Array, from: number): Generator<number> {
  for (let word = wordsPerChunk - 1; word >= 0; word--)
    for (let rest = words[word]!; rest !== 0; ) {
      const bit = 31 - Math.clz32(rest)
      yield from + word * 32 + bit
      rest = (rest & ~(1 << bit)) >>> 0
    }
}
