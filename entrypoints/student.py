"""The student module's container: `web`, `worker`, `relay`, `migrate`."""

from entrypoints.service import commands
from university.student.wiring import StudentWiring

main = commands(StudentWiring)

if __name__ == "__main__":
    main()
