import { proofs } from './history.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
