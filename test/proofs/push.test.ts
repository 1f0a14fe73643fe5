import { proofs } from './push.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
