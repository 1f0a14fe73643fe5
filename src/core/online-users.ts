/** Which users have live sessions, as far as this core knows: see OnlineDevices. The rows are the truth. */
export class OnlineUsers {
  readonly #devices = new Map<number, Map<number, string>>()

  has(uid: number): boolean {
    return this.#devices.has(uid)
  }

  hasSession(uid: number, deviceId: number): boolean {
    return this.#devices.get(uid)?.has(deviceId) === true
  }

  begin(uid: number, deviceId: number, session: string): void {
    const devices = this.#devices.get(uid) ?? new Map<number, string>()
    devices.set(deviceId, session)
    this.#devices.set(uid, devices)
  }

  end(uid: number, deviceId: number, session: string): void {
    const devices = this.#devices.get(uid)
    if (devices?.get(deviceId) !== session) return
    devices.delete(deviceId)
    if (devices.size === 0) this.#devices.delete(uid)
  }
}
