import admin from './admin.json'
import instructor from './instructor.json'
import office from './office.json'
import registrar from './registrar.json'

/** What only instructors and the registrar's office read. */
export default { admin, instructor, office, registrar }
