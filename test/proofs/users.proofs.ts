import { proofs as accountProofs } from './account.proofs.ts'
import type { Proof } from './proof.ts'
import { proofs as queryProofs } from './query.proofs.ts'
import { proofs as tokenProofs } from './token.proofs.ts'

export const proofs: readonly Proof[] = [...tokenProofs, ...accountProofs, ...queryProofs]
