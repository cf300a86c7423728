"""The enrollment module's container: `web`, `worker`, `relay`, `migrate`."""

from entrypoints.service import commands
from university.enrollment.wiring import EnrollmentWiring

main = commands(EnrollmentWiring)

if __name__ == "__main__":
    main()
