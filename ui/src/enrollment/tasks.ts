import type { Decision } from './useDeciding'

/** What a student may want to do with an enrollment in a dialog. */
export type Task = Exclude<Decision, 'accept'> | 'change' | 'swap'
