import { proofs } from './msync.proofs.ts'
import { runMsyncProofs } from './msync-proof.ts'

runMsyncProofs(proofs)
