"""One way to build a module's web app: operations, strict schemas, problems, conditional requests, OpenAPI."""
