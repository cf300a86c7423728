import { ref } from 'vue'

export interface Toast { id: number, tone: 'good' | 'warning' | 'danger' | 'info', text: string }

/** Short messages that are shown for a while and read aloud. */
export const toasts = ref<Toast[]>([])
let last = 0

/** Say something that needs no answer; it stays for eight seconds. */
export function say(text: string, tone: Toast['tone'] = 'good'): void {
  const id = ++last
  toasts.value = [...toasts.value, { id, tone, text }].slice(-3)
  setTimeout(() => {
    dismiss(id)
  }, 8000)
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter(toast => toast.id !== id)
}
