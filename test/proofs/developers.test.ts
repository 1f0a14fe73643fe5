import { proofs } from './developers.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
