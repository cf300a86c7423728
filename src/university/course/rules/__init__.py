"""What the course module decides by itself: grades, requisites and concrete dates, without I/O or a clock.

Read in this order: `requisite_tree` (what a requisite is), `requisite_text` (how it is written), `requisites` (how it
is judged), `requisite_remedies` (what would satisfy it), `requisite_graph` (how courses hang together); `calendar`
(when a section meets) and `calendar_json` (how meetings and calendars are told).
"""
