import type { Session } from './session.ts'

/** The sessions of this gateway, by device and by app. */
export class SessionRegistry {
  readonly #byDevice = new Map<number, Session>()
  readonly #byApp = new Map<number, Set<Session>>()

  get size(): number {
    return this.#byDevice.size
  }

  all(): Iterable<Session> {
    return this.#byDevice.values()
  }

  ofDevice(deviceId: number): Session | undefined {
    return this.#byDevice.get(deviceId)
  }

  /** May be walked while sessions come and go. */
  ofApp(appId: number): Iterable<Session> {
    return this.#byApp.get(appId) ?? []
  }

  add(session: Session): void {
    this.#byDevice.set(session.deviceId, session)
    let ofApp = this.#byApp.get(session.appId)
    if (!ofApp) {
      ofApp = new Set()
      this.#byApp.set(session.appId, ofApp)
    }
    ofApp.add(session)
  }

  /** @returns whether it was still the session of its device */
  remove(session: Session): boolean {
    const ofApp = this.#byApp.get(session.appId)
    ofApp?.delete(session)
    if (ofApp?.size === 0) this.#byApp.delete(session.appId)
    if (this.#byDevice.get(session.deviceId) !== session) return false
    return this.#byDevice.delete(session.deviceId)
  }
}
