import account from './account.json'

/** What people read on the pages about their own account. */
export default { account }
