"""Course registration for a university: four modules standing on one platform."""
