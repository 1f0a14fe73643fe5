import type { Session } from './session.ts'

const none: readonly Session[] = []

/** The sessions of this gateway, by device, by user and by the rooms they are in. */
export class SessionRegistry {
  readonly #byDevice = new Map<number, Session>()
  readonly #byUser = new Map<number, readonly Session[]>()
  readonly #byRoom = new Map<string, Set<Session>>()

  get size(): number {
    return this.#byDevice.size
  }

  all(): Iterable<Session> {
    return this.#byDevice.values()
  }

  ofDevice(deviceId: number): Session | undefined {
    return this.#byDevice.get(deviceId)
  }

  ofUser(uid: number): readonly Session[] {
    return this.#byUser.get(uid) ?? none
  }

  /** May be walked while sessions come and go. */
  ofRoom(room: string): Iterable<Session> {
    return this.#byRoom.get(room) ?? none
  }

  add(session: Session): void {
    this.#byDevice.set(session.deviceId, session)
    this.#byUser.set(session.uid, [...this.ofUser(session.uid), session])
  }

  /** @returns whether it was still the session of its device */
  remove(session: Session): boolean {
    for (const room of session.rooms) this.setRoom(session, room, false)
    const others = this.ofUser(session.uid).filter(other => other !== session)
    if (others.length > 0) this.#byUser.set(session.uid, others)
    else this.#byUser.delete(session.uid)
    if (this.#byDevice.get(session.deviceId) !== session) return false
    return this.#byDevice.delete(session.deviceId)
  }

  setRoom(session: Session, room: string, isIn: boolean): void {
    const sessions = this.#byRoom.get(room) ?? new Set()
    if (isIn) sessions.add(session)
    else sessions.delete(session)
    if (sessions.size > 0) this.#byRoom.set(room, sessions)
    else this.#byRoom.delete(room)
  }
}
