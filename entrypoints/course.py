"""The course module's container: `web`, `worker`, `relay`, `migrate`."""

from entrypoints.service import commands
from university.course.wiring import CourseWiring

main = commands(CourseWiring)

if __name__ == "__main__":
    main()
