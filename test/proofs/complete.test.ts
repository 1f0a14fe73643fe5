// Every row of the catalogue that can be reached has a proof: each failure, in each dialect and edition that words it
// differently.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { easemobWire } from '../../src/contract/easemob.ts'
import type { Dialect } from '../../src/contract/failure.ts'
import { type FailureId, failures } from '../../src/contract/failures.ts'
import { jpushWire } from '../../src/contract/jpush.ts'
import { neutralWire } from '../../src/contract/neutral.ts'
import { jpushRoutes } from '../../src/gateway/jpush/routes.ts'
import { proofs as contactProofs } from './contacts.proofs.ts'
import { proofs as developerProofs } from './developers.proofs.ts'
import { proofs as deviceProofs } from './device.proofs.ts'
import { proofs as fileProofs } from './files.proofs.ts'
import { proofs as groupRightProofs } from './group-rights.proofs.ts'
import { proofs as groupRoleProofs } from './group-roles.proofs.ts'
import { proofs as groupProofs } from './groups.proofs.ts'
import { proofs as historyProofs } from './history.proofs.ts'
import { proofs as httpProofs } from './http.proofs.ts'
import { proofs as messageProofs } from './messages.proofs.ts'
import { proofs as msyncProofs } from './msync.proofs.ts'
import { proofs as neutralProofs } from './neutral.proofs.ts'
import { proofs as pushProofs } from './push.proofs.ts'
import { proofs as reactionProofs } from './reactions.proofs.ts'
import { proofs as scheduleProofs } from './schedules.proofs.ts'
import { proofs as threadProofs } from './threads.proofs.ts'
import { proofs as userSettingProofs } from './user-settings.proofs.ts'
import { proofs as userProofs } from './users.proofs.ts'

interface AnyRow {
  readonly status: number
  readonly families?: Readonly<Record<string, object>>
  readonly live?: object
}

const wires: Readonly<Record<Dialect, Readonly<Record<string, AnyRow>>>> = {
  easemob: easemobWire,
  jpush: jpushWire,
  neutral: neutralWire,
}

const proven = new Set([
  ...msyncProofs.map(({ failure }) => `msync ${failure}`),
  ...[
    httpProofs,
    userProofs,
    userSettingProofs,
    contactProofs,
    messageProofs,
    historyProofs,
    reactionProofs,
    threadProofs,
    groupProofs,
    groupRoleProofs,
    groupRightProofs,
    fileProofs,
    pushProofs,
    scheduleProofs,
    deviceProofs,
    developerProofs,
    neutralProofs,
  ]
    .flat()
    .flatMap(({ dialect, failure, edition = 'seed', family }) => [
      `${dialect} ${failure} ${edition}`,
      `${dialect} ${failure} ${edition} ${family}`,
    ]),
])

function wanted(dialect: Dialect, failure: FailureId): string[] {
  const row = wires[dialect][failure]!
  const rows = [`${dialect} ${failure} seed`]
  for (const family of Object.keys(row.families ?? {}))
    if (isServed(dialect, family)) rows.push(`${dialect} ${failure} seed ${family}`)
  if (row.live) rows.push(`${dialect} ${failure} live`)
  return rows
}

/** A JPush API without a single route has its words in the catalogue, and nobody to say them. */
function isServed(dialect: Dialect, family: string): boolean {
  return dialect !== 'jpush' || jpushRoutes.some(route => route.family === family)
}

test('every reachable row of the catalogue has a proof', () => {
  const missing = Object.entries(failures)
    .filter(([, failure]) => !('unreachable' in failure))
    .flatMap(([id, { dialects }]) =>
      dialects.flatMap(dialect => (dialect === 'msync' ? [`msync ${id}`] : wanted(dialect, id as FailureId))),
    )
    .filter(row => !proven.has(row))
  assert.deepEqual(missing, [])
})
