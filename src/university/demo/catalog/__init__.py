"""What the made-up university teaches, written by hand as plain text; curriculum.py reads it.

A course is a block of lines: "code ECTS seasons forms flags", "Polish title = English title", its topics, and, when
it asks for something first, a requisite after "<". Seasons are Z (winter) and L (summer); forms are explained in
curriculum.py; flags are `en` (taught in English), `master`, `popular` (more wish than seats) and `erasmus` (seats
are kept for exchange students).
"""
