import { runProofs } from './run-proofs.ts'
import { proofs } from './user-settings.proofs.ts'

runProofs(proofs)
