import app from './app.json'
import course from './course.json'
import design from './design.json'
import enrollment from './enrollment.json'
import gateway from './gateway.json'
import student from './student.json'

export default { app, course, design, enrollment, gateway, student }
