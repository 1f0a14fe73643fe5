// Where alerts and the messages that were not delivered yet are kept: on the disk, or in this process alone.

export type Kind = 'alert' | 'message' | 'group'

export interface AlertStore {
  /** @returns a copy of its own */
  get(kind: Kind, key: string): unknown
  list(kind: Kind): readonly unknown[]
  put(kind: Kind, key: string, value: object): void
  delete(kind: Kind, key: string): void
  /** All of what `change` does, or nothing; beside it nobody else changes anything. @throws what it throws */
  atomically<Result>(change: () => Result): Result
  readonly survives: boolean
  close(): void
}

export function memoryStore(): AlertStore {
  const kept: Record<Kind, Map<string, string>> = { alert: new Map(), message: new Map(), group: new Map() }
  return {
    survives: false,
    get(kind, key) {
      const text = kept[kind].get(key)
      return text === undefined ? undefined : JSON.parse(text)
    },
    list: kind => [...kept[kind].values()].map(text => JSON.parse(text)),
    put: (kind, key, value) => void kept[kind].set(key, JSON.stringify(value)),
    delete: (kind, key) => void kept[kind].delete(key),
    atomically: change => change(),
    close: () => {},
  }
}
