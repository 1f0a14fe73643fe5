// Which devices carry a large tag, as bits in memory. A bitmap has a bit for every device that carries the tag, and may
// have some for devices that did: whoever finds one here looks at the rows. So only a tag that is given has to be noted
// here, when it is written and not after the commit; a tag taken, a device deleted, a transaction rolled back leave a bit
// too many, and a restart begins with none.
import type { Audience } from '../contract/operations/pushes.ts'
import { inEach, NumberSet } from '../lib/number-set.ts'
import type { TagMarks } from '../store/device-attributes.ts'

/** A bitmap that was of no help is read anew, no sooner than this: bits too many may have gathered. */
const refreshMs = 600_000
/** A bitmap used within this makes no room for another: those that take turns would only be read again and again. */
const keptMs = 60_000

export interface Filling {
  readonly appId: number
  readonly tag: string
  readonly set: NumberSet
  /** The device up to which the tag's rows have been read. */
  after: number
}

interface Entry {
  ready: NumberSet | undefined
  filling: Filling | undefined
  filledAt: number
  usedAt: number
}

export class TagBitmaps implements TagMarks {
  /** In the order of their use. */
  readonly #entries = new Map<string, Entry>()
  readonly #bytesMax: number
  #bytes = 0
  #fullUntil = 0
  readonly #waiting: (() => void)[] = []

  /** @param bytesMax of all bitmaps together */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The device is being given the tag, whatever becomes of the transaction. */
  add(appId: number, tag: string, deviceId: number): void {
    if (this.#entries.size === 0) return
    const entry = this.#entries.get(keyOf(appId, tag))
    if (!entry) return
    if (entry.ready) this.#bytes += entry.ready.add(deviceId)
    if (entry.filling) this.#bytes += entry.filling.set.add(deviceId)
    while (this.#bytes > this.#bytesMax) this.#delete(this.#entries.keys().next().value!)
  }

  drop(appId: number, tag: string): void {
    this.#delete(keyOf(appId, tag))
  }

  /**
   * The devices that may carry the tags meant, the newest first; all others do not.
   * @param now epoch ms
   * @returns undefined when fewer than two of the conditions are known here: an index says as much
   */
  candidates(appId: number, audience: Audience, now: number): Iterable<number> | undefined {
    if (this.#entries.size === 0) return undefined
    const known: NumberSet[][] = []
    for (const tags of conditionsOf(audience)) {
      const sets = tags.map(tag => this.#use(keyOf(appId, tag), now))
      if (sets.every(set => set !== undefined)) known.push(sets)
    }
    if (known.length < 2) return undefined
    // The first says which chunks are looked at.
    return inEach(known.sort((a, b) => bytesOf(a) - bytesOf(b)))
  }

  /**
   * A long search has been made that bitmaps could have spared.
   * @returns whether there is any to be filled
   */
  want(appId: number, audience: Audience, now: number): boolean {
    const conditions = conditionsOf(audience)
    if (conditions.length < 2 || now < this.#fullUntil) return false
    for (const tag of conditions.flat()) {
      const key = keyOf(appId, tag)
      const entry = this.#entries.get(key) ?? {
        ready: undefined,
        filling: undefined,
        filledAt: 0,
        usedAt: now,
      }
      if (entry.filling || (entry.ready && now - entry.filledAt < refreshMs)) continue
      // From now on it hears of every tag that is given; what was given before is read from the rows.
      entry.filling = { appId, tag, set: new NumberSet(), after: 0 }
      this.#entries.set(key, entry)
    }
    return this.nextToFill() !== undefined
  }

  /** Resolves when nothing is left to be filled. */
  filled(): Promise<void> {
    if (!this.nextToFill()) return Promise.resolve()
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  nextToFill(): Filling | undefined {
    for (const { filling } of this.#entries.values()) if (filling) return filling
    return undefined
  }

  /**
   * @param deviceIds that carry the tag after `filling.after`, by committed rows, in order
   * @param isLast no other does
   */
  fill(filling: Filling, deviceIds: readonly number[], isLast: boolean, now: number): void {
    const key = keyOf(filling.appId, filling.tag)
    const entry = this.#entries.get(key)
    // It may have been dropped meanwhile, and begun anew.
    if (entry?.filling !== filling) return
    for (const deviceId of deviceIds) this.#bytes += filling.set.add(deviceId)
    filling.after = deviceIds.at(-1) ?? filling.after
    if (!this.#makeRoom(key, now)) {
      this.#fullUntil = now + keptMs
      return this.#delete(key)
    }
    if (!isLast) return
    this.#bytes -= entry.ready?.bytes ?? 0
    entry.ready = filling.set
    entry.filling = undefined
    entry.filledAt = now
    this.#tellThatFilled()
  }

  #use(key: string, now: number): NumberSet | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    entry.usedAt = now
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.ready
  }

  #makeRoom(forKey: string, now: number): boolean {
    for (const [key, { usedAt }] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) return true
      if (key !== forKey && now - usedAt >= keptMs) this.#delete(key)
    }
    return this.#bytes <= this.#bytesMax
  }

  #delete(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#bytes -= (entry.ready?.bytes ?? 0) + (entry.filling?.set.bytes ?? 0)
    this.#entries.delete(key)
    this.#tellThatFilled()
  }

  #tellThatFilled(): void {
    if (!this.nextToFill()) for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/** Each is fulfilled by any of its tags; a device meant fulfils them all. */
function conditionsOf({ tag, tagAnd }: Audience): (readonly string[])[] {
  const conditions: (readonly string[])[] = (tagAnd ?? []).map(one => [one])
  if (tag) conditions.push(tag)
  return conditions
}

function bytesOf(sets: readonly NumberSet[]): number {
  return sets.reduce((sum, { bytes }) => sum + bytes, 0)
}

function keyOf(appId: number, tag: string): string {
  return `${appId} ${tag}`
}
