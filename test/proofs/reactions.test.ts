import { proofs } from './reactions.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
