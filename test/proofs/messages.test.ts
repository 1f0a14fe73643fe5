import { proofs } from './messages.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
