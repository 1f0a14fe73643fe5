import { proofs } from './files.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
