import { proofs } from './groups.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
