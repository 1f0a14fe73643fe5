import { proofs } from './neutral.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
