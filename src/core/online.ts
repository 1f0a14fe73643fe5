/**
 * Which devices have a live session, as far as this core knows: a core that starts anew knows of none until their
 * gateways confirm them. The rows keep the names of sessions; this keeps whether they live.
 */
export class OnlineDevices {
  readonly #sessions = new Map<number, string>()
  /** A message id: pushes after it were accepted by this core. */
  readonly startedAt: number
  /** Epoch ms: when this core began. */
  readonly startedAtMs: number

  constructor(startedAt: number, startedAtMs: number) {
    this.startedAt = startedAt
    this.startedAtMs = startedAtMs
  }

  get count(): number {
    return this.#sessions.size
  }

  has(deviceId: number): boolean {
    return this.#sessions.has(deviceId)
  }

  begin(deviceId: number, session: string): void {
    this.#sessions.set(deviceId, session)
  }

  /** @param session absent = whichever it is */
  end(deviceId: number, session?: string): void {
    if (session === undefined || this.#sessions.get(deviceId) === session) this.#sessions.delete(deviceId)
  }
}
