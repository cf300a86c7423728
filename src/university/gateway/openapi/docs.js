SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#pages",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
  // The validator is a service on the internet; these pages ask nobody but this server.
  validatorUrl: null,
});
