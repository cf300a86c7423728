"""What others write for the same flow, without our rules: a student is looked up, a section, a seat is taken, all told.

Each peer checks that the student may enroll and that the section is open, takes the seat by one conditional statement,
writes the enrollment and an outbox row in one transaction, and answers 201. None of them judges requisites, time
conflicts, limits, windows or queues, keeps a history or an idempotency key, or limits and audits anybody.
"""
