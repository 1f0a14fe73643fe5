import type { Connection } from '../connection.ts'

/** The device takes its leave; there is no will to publish or to keep [MQTT-3.14.4-3]. */
export function disconnect(connection: Connection): void {
  connection.finish()
}
