import { Refusal } from '../../contract/refusal.ts'

/**
 * What is wrong with a push, found in any order. One of them is answered: a missing member before a wrong value, that
 * before an unknown member (jpush.md §1.9).
 */
export class PushFaults {
  #missing: Refusal | undefined
  #invalid: Refusal | undefined
  #unsupported: Refusal | undefined

  missing(name: string): void {
    this.#missing ??= new Refusal('parameter_missing', { name })
  }

  invalid(reason: string): void {
    this.refuse(new Refusal('parameter_invalid', { reason }))
  }

  /** A wrong value that the catalogue has its own text for. */
  refuse(refusal: Refusal): void {
    this.#invalid ??= refusal
  }

  unsupported(key: string): void {
    this.#unsupported ??= new Refusal('unsupported_key', { key: shown(key) })
  }

  /** @throws Refusal the one that wins; does nothing when there is none */
  raise(): void {
    const refusal = this.#missing ?? this.#invalid ?? this.#unsupported
    if (refusal) throw refusal
  }
}

const shownCharsMax = 64

/** What a caller sent, short enough to be part of a sentence. */
export function shown(text: string): string {
  return text.length > shownCharsMax ? `${text.slice(0, shownCharsMax)}…` : text
}
