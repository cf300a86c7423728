"""What the whole university tells programmers: one OpenAPI document, and pages to try it out."""
