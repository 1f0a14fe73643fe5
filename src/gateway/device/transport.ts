/** What carries the bytes of one device: a TCP socket as it is, or a WebSocket dressed as one. */
export interface Transport {
  /** Bytes handed over and not yet taken by the network. */
  readonly writableLength: number
  /** @returns false when more has to wait; the connection is told when it can go on */
  write(bytes: Uint8Array): unknown
  pause(): unknown
  resume(): unknown
  /** Sends what is left, then closes. */
  end(): unknown
  destroy(): unknown
}
