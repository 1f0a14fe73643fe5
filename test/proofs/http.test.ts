import { proofs } from './http.proofs.ts'
import { runProofs } from './run-proofs.ts'

runProofs(proofs)
