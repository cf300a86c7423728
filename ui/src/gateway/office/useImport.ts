import { computed, reactive, ref, shallowRef } from 'vue'
import type { ImportOut } from '@/api/schema'
import { look, type Part, PARTS, start } from './importParts'

/** One module's part of a run: not begun, its file under way, or the import as the server tells it. */
export interface Step { part: Part, id: string | null, job: ImportOut | null, error: unknown }
export type Stage = 'choosing' | 'checking' | 'checked' | 'writing' | 'ended'

const KEPT = 'import'
const PAUSE = 500

// One import at a time, which goes on while its page is away.
const file = shallowRef<File | null>(null)
const stage = ref<Stage>('choosing')
const steps = ref<Step[]>([])

const jobs = computed(() => steps.value.flatMap(step => step.job ?? []))
const broken = computed(() => steps.value.find(step => step.error !== null)?.error ?? null)
const faulty = computed(() => jobs.value.some(job => job.state === 'failed'))
const complete = computed(() => jobs.value.length === PARTS.length && jobs.value.every(job => job.state === 'done'))
const busy = computed(() => stage.value === 'checking' || stage.value === 'writing')

function begin(next: Stage) {
  stage.value = next
  steps.value = PARTS.map(part => reactive({ part, id: null, job: null, error: null }))
}

/** Judge all parts; nothing is written. */
async function check(): Promise<void> {
  if (!file.value || busy.value) return
  begin('checking')
  for (const step of steps.value) await carryOut(step, true)
  stage.value = 'checked'
}

/** Write the parts in order; what comes after a part that failed is not begun. */
async function write(): Promise<void> {
  if (!file.value || busy.value) return
  begin('writing')
  await goOn()
}

/** Carry out what is left, in order, until a part fails; a part that had no answer is asked for again. */
async function goOn(): Promise<void> {
  stage.value = 'writing'
  for (const step of steps.value) {
    if (!await carryOut(step, false)) break
  }
  if (broken.value === null) forget()
  stage.value = 'ended'
}

/** Tell whether the part has ended well. */
async function carryOut(step: Step, dryRun: boolean): Promise<boolean> {
  step.error = null
  try {
    if (step.id === null) {
      // Without the file, after a reload, this part waits until the same file is chosen again.
      if (!file.value) return false
      step.id = (await start(step.part, file.value, dryRun)).id
      if (!dryRun) keep()
    }
    return await follow(step, step.id)
  } catch (problem) {
    step.error = problem
    return false
  }
}

async function follow(step: Step, id: string): Promise<boolean> {
  for (;;) {
    step.job = await look(step.part, id)
    if (step.job.state === 'done') return true
    if (step.job.state === 'failed') return false
    await new Promise(resolve => setTimeout(resolve, PAUSE))
  }
}

/** A reload of the page finds the parts again that the server carries out. */
function keep() {
  sessionStorage.setItem(KEPT, JSON.stringify(steps.value.flatMap(({ part, id }) => id === null ? [] : [{ part, id }])))
}
function forget() {
  sessionStorage.removeItem(KEPT)
}

/** Follow what a page before this one had begun. */
async function resume(): Promise<void> {
  if (stage.value !== 'choosing') return
  const kept = keptIds()
  if (!kept.size) return
  begin('writing')
  for (const step of steps.value) step.id = kept.get(step.part) ?? null
  await goOn()
}

function keptIds(): Map<string, string> {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]') as { part: string, id: string }[]
    return new Map(kept.map(({ part, id }) => [part, id]))
  } catch {
    return new Map()
  }
}

function startOver() {
  if (busy.value) return
  forget()
  file.value = null
  stage.value = 'choosing'
  steps.value = []
}

/** The import of a file: chosen, checked whole, then written part by part. */
export function useImport() {
  return { file, stage, steps, jobs, broken, faulty, complete, busy, check, write, goOn, resume, startOver }
}
