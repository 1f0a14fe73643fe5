import type { Connection } from '../connection.ts'

/** [MQTT-3.12.4-1] */
export function pingreq(connection: Connection): void {
  connection.send({ cmd: 'pingresp' })
}
