// Why a device is refused or sent away. MQTT 5 has a code for each; MQTT 3.1.1 has six for CONNECT and otherwise only
// the closed connection (MQTT 3.1.1 §3.2.2.3, MQTT 5 §2.4).
import type { Refusal } from '../../contract/refusal.ts'

/** Reason codes of DISCONNECT. */
export const reasons = {
  malformed: 0x81,
  protocolError: 0x82,
  shuttingDown: 0x8b,
  keepAliveTimeout: 0x8d,
  takenOver: 0x8e,
  topicInvalid: 0x90,
  packetTooLarge: 0x95,
  removed: 0x98,
  payloadInvalid: 0x99,
  retainNotSupported: 0x9a,
  qosNotSupported: 0x9b,
  topicAliasInvalid: 0x94,
  subscriptionIdsNotSupported: 0xa1,
} as const

export type Reason = keyof typeof reasons

export interface ConnectCode {
  readonly v4: number
  readonly v5: number
}

export const connectCodes = {
  accepted: { v4: 0, v5: 0 },
  versionUnsupported: { v4: 1, v5: 0x84 },
  clientIdInvalid: { v4: 2, v5: 0x85 },
  unavailable: { v4: 3, v5: 0x88 },
  busy: { v4: 3, v5: 0x89 },
  credentialsWrong: { v4: 4, v5: 0x86 },
  notAuthorised: { v4: 5, v5: 0x87 },
  banned: { v4: 5, v5: 0x8a },
  authMethodBad: { v4: 5, v5: 0x8c },
  /** Only MQTT 5 says these two; an MQTT 3.1.1 server just closes (§3.1.4). */
  malformed: { v4: 5, v5: 0x81 },
  protocolError: { v4: 5, v5: 0x82 },
} as const satisfies Record<string, ConnectCode>

export type ConnectOutcome = keyof typeof connectCodes

/** How CONNACK words what the core refused. */
export function outcomeOf(refusal: Refusal): ConnectOutcome {
  switch (refusal.id) {
    case 'device_credentials_wrong':
    case 'credentials_missing':
      return 'credentialsWrong'
    case 'app_blacklisted':
      return 'banned'
    case 'core_overloaded':
    case 'core_draining':
      return 'busy'
    default:
      return 'unavailable'
  }
}

export const subackFailure = 0x80

/** MQTT 5 §3.9.3; MQTT 3.1.1 knows 0x80 only. */
export const subackCodes = {
  granted: 1,
  implementationSpecific: 0x83,
  notAuthorised: 0x87,
  sharedNotSupported: 0x9e,
  wildcardsNotSupported: 0xa2,
} as const

/** MQTT 5 §3.11.3. */
export const unsubackCodes = { success: 0, notSubscribed: 0x11 } as const
