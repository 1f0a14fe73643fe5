import { runProofs } from './run-proofs.ts'
import { proofs } from './users.proofs.ts'

runProofs(proofs)
