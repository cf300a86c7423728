import './style.css'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { onSignedOut } from '@/api/client'
import App from './App.vue'
import { learnAbout } from './gateway/about'
import { openAnewWhatIsGone } from './gateway/newerPages'
import { useSession } from './gateway/session'
import { chosenLanguage, i18n, useLanguage } from './i18n'
import { router } from './router'

// The client itself asks again where that is safe; asking again on top of it would only add load.
const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: 10_000, retry: false }, mutations: { retry: false, networkMode: 'always' } } })

await useLanguage(chosenLanguage())
void learnAbout().catch(() => undefined)

const app = createApp(App).use(createPinia()).use(router).use(i18n).use(VueQueryPlugin, { queryClient })

onSignedOut(() => {
  const session = useSession()
  if (session.me === null) return
  session.lose()
  queryClient.clear()
  void router.push({ name: 'sign-in', query: { next: router.currentRoute.value.fullPath } })
})

openAnewWhatIsGone(router)

app.mount('#app')
